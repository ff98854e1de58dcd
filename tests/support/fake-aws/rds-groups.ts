import type { Tag } from '@aws-sdk/client-rds'
import { fault } from './faults.ts'
import type { Handlers } from './fake-aws.ts'
import { paged } from './rds-offers.ts'
import type { State } from './state.ts'

/** Parameters that matter here, with RDS's own values. */
const defaults = (major: number) =>
  [
    ['rds.force_ssl', major >= 15 ? '1' : '0', 'dynamic'],
    ['log_connections', '', 'dynamic'],
    ['log_disconnections', '', 'dynamic'],
    ['log_statement', '', 'dynamic'],
    ['log_min_duration_statement', '', 'dynamic'],
    ['password_encryption', 'scram-sha-256', 'dynamic'],
    ['rds.accepted_password_auth_method', 'md5+scram', 'dynamic'],
    ['rds.restrict_password_commands', '0', 'static'],
    ['rds.allowed_extensions', '*', 'dynamic'],
    ['ssl_min_protocol_version', 'TLSv1.2', 'dynamic'],
    ['shared_preload_libraries', 'pg_stat_statements', 'static'],
    ['pgaudit.log', '', 'dynamic'],
  ] as const

export const groupHandlers: Handlers<'rds'> = {
  CreateDBSubnetGroup({ DBSubnetGroupName = '', DBSubnetGroupDescription, SubnetIds = [], Tags }, state) {
    const name = DBSubnetGroupName.toLowerCase()
    if (state.subnetGroups.has(name))
      throw fault('DBSubnetGroupAlreadyExistsFault', `The DB subnet group ${name} already exists.`)
    const subnets = SubnetIds.map((id) => {
      const subnet = state.subnets.get(id)
      if (!subnet) throw fault('InvalidSubnet', `Subnet IDs are required: ${id} does not exist.`)
      return subnet
    })
    const zones = new Set(subnets.map((subnet) => subnet.AvailabilityZone))
    if (zones.size < 2) {
      throw fault(
        'DBSubnetGroupDoesNotCoverEnoughAZs',
        'The DB subnet group doesn’t meet Availability Zone (AZ) coverage requirement. Current AZ coverage: 1. Add subnets to cover at least 2 AZs.',
      )
    }
    const group = {
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: DBSubnetGroupDescription ?? '',
      VpcId: subnets[0]?.VpcId ?? '',
      SubnetGroupStatus: 'Complete',
      Subnets: subnets.map((subnet) => ({
        SubnetIdentifier: subnet.SubnetId ?? '',
        SubnetAvailabilityZone: { Name: subnet.AvailabilityZone ?? '' },
        SubnetStatus: 'Active',
      })),
      DBSubnetGroupArn: arn(state, 'subgrp', name),
      SupportedNetworkTypes: ['IPV4'],
      tags: tagsOf(Tags),
    }
    state.subnetGroups.set(name, group)
    return { DBSubnetGroup: group }
  },

  DescribeDBSubnetGroups({ DBSubnetGroupName, Marker }, state) {
    if (DBSubnetGroupName !== undefined && !state.subnetGroups.has(DBSubnetGroupName.toLowerCase()))
      throw fault('DBSubnetGroupNotFoundFault', `DBSubnetGroup ${DBSubnetGroupName} not found.`, 404)
    const { page, next } = paged(
      [...state.subnetGroups.values()].filter(
        ({ DBSubnetGroupName: name }) => DBSubnetGroupName === undefined || name === DBSubnetGroupName.toLowerCase(),
      ),
      Marker,
    )
    return { DBSubnetGroups: page, ...(next !== undefined && { Marker: next }) }
  },

  DeleteDBSubnetGroup({ DBSubnetGroupName = '' }, state) {
    const name = DBSubnetGroupName.toLowerCase()
    if (!state.subnetGroups.has(name))
      throw fault('DBSubnetGroupNotFoundFault', `DBSubnetGroup ${name} not found.`, 404)
    const used = [...state.instances.values()].some(({ record }) => record.DBSubnetGroup?.DBSubnetGroupName === name)
    if (used)
      throw fault('InvalidDBSubnetGroupStateFault', `Cannot delete the subnet group ${name}: an instance uses it.`)
    state.subnetGroups.delete(name)
    return {}
  },

  CreateDBParameterGroup({ DBParameterGroupName = '', DBParameterGroupFamily = '', Description, Tags }, state) {
    const name = DBParameterGroupName.toLowerCase()
    if (state.parameterGroups.has(name))
      throw fault('DBParameterGroupAlreadyExistsFault', `Parameter group ${name} already exists`)
    return { DBParameterGroup: addParameterGroup(state, name, DBParameterGroupFamily, Description ?? '', tagsOf(Tags)) }
  },

  ModifyDBParameterGroup({ DBParameterGroupName = '', Parameters = [] }, state) {
    const group = findParameterGroup(state, DBParameterGroupName)
    if (DBParameterGroupName.startsWith('default.'))
      throw fault('InvalidParameterValue', 'The parameter group can’t be edited because it is a default group.')
    if (Parameters.length > 20)
      throw fault('InvalidParameterValue', 'No more than 20 parameters can be modified at once.')
    for (const given of Parameters) {
      const known = group.parameters.get(given.ParameterName ?? '')
      if (!known) throw fault('InvalidParameterValue', `Could not find parameter with name: ${given.ParameterName}`)
      if (known.ApplyType === 'static' && given.ApplyMethod === 'immediate')
        throw fault('InvalidParameterCombination', 'cannot use immediate apply method for static parameter')
      known.ParameterValue = given.ParameterValue
      known.Source = 'user'
    }
    return { DBParameterGroupName }
  },

  DescribeDBParameterGroups({ DBParameterGroupName, Marker }, state) {
    if (DBParameterGroupName !== undefined) findParameterGroup(state, DBParameterGroupName)
    const fitting = [...state.parameterGroups.values()]
      .map(({ record }) => record)
      .filter(({ DBParameterGroupName: name }) => DBParameterGroupName === undefined || name === DBParameterGroupName)
    const { page, next } = paged(fitting, Marker)
    return { DBParameterGroups: page, ...(next !== undefined && { Marker: next }) }
  },

  DescribeDBParameters({ DBParameterGroupName = '', Source, Marker }, state) {
    const { parameters } = findParameterGroup(state, DBParameterGroupName)
    const fitting = [...parameters.values()].filter((one) => Source === undefined || one.Source === Source)
    const { page, next } = paged(fitting, Marker)
    return { Parameters: page, ...(next !== undefined && { Marker: next }) }
  },

  DeleteDBParameterGroup({ DBParameterGroupName = '' }, state) {
    findParameterGroup(state, DBParameterGroupName)
    const used = [...state.instances.values()].some(({ record }) =>
      record.DBParameterGroups?.some((group) => group.DBParameterGroupName === DBParameterGroupName),
    )
    if (used)
      throw fault(
        'InvalidDBParameterGroupStateFault',
        `One or more database instances are still members of this parameter group ${DBParameterGroupName}, so the group cannot be deleted`,
      )
    state.parameterGroups.delete(DBParameterGroupName)
    return {}
  },
}

/** The parameters of a new group are those of its family. */
export function addParameterGroup(
  state: State,
  name: string,
  family: string,
  description: string,
  tags: Record<string, string> = {},
) {
  const major = Number(/^postgres(\d+)$/.exec(family)?.[1] ?? Number.NaN)
  if (Number.isNaN(major))
    throw fault('InvalidParameterValue', `ParameterGroupFamily ${family} is not a valid parameter group family`)
  const record = {
    DBParameterGroupName: name,
    DBParameterGroupFamily: family,
    Description: description,
    DBParameterGroupArn: arn(state, 'pg', name),
  }
  const parameters = new Map(
    defaults(major).map(([ParameterName, ParameterValue, ApplyType]) => [
      ParameterName as string,
      {
        ParameterName,
        ApplyType,
        Source: 'system',
        IsModifiable: true,
        ...(ParameterValue !== '' && { ParameterValue }),
      },
    ]),
  )
  state.parameterGroups.set(name, { record, parameters, tags })
  return record
}

function findParameterGroup(state: State, name: string) {
  const group = state.parameterGroups.get(name)
  if (!group) throw fault('DBParameterGroupNotFoundFault', `DBParameterGroup ${name} not found.`, 404)
  return group
}

export function arn({ region, account }: State, kind: string, name: string): string {
  return `arn:aws:rds:${region}:${account}:${kind}:${name}`
}

export function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}
