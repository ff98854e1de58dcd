interface Node {
  readonly needs: Iterable<string>
}

interface Visit {
  readonly id: string
  readonly needs: Iterator<string>
}

/** Finds the sets of nodes that need each other: Tarjan's strongly connected components of more than one, without recursion. */
export function findCycles(nodes: ReadonlyMap<string, Node>): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const found: string[][] = []
  const visits: Visit[] = []
  const enter = (id: string): void => {
    index.set(id, index.size)
    low.set(id, index.size - 1)
    stack.push(id)
    onStack.add(id)
    visits.push({ id, needs: (nodes.get(id)?.needs ?? [])[Symbol.iterator]() })
  }
  const lower = (id: string, to: number): void => {
    low.set(id, Math.min(low.get(id) ?? to, to))
  }
  const leave = (id: string): void => {
    if (low.get(id) === index.get(id)) {
      const component = stack.splice(stack.lastIndexOf(id))
      for (const member of component) onStack.delete(member)
      if (component.length > 1) found.push(component)
    }
    const above = visits.at(-1)
    if (above) lower(above.id, low.get(id) ?? 0)
  }
  for (const root of nodes.keys()) {
    if (index.has(root)) continue
    enter(root)
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const { done, value: need } = visit.needs.next()
      if (done) {
        visits.pop()
        leave(visit.id)
      } else if (!index.has(need)) {
        if (nodes.has(need)) enter(need)
      } else if (onStack.has(need)) lower(visit.id, index.get(need) ?? 0)
    }
  }
  return found
}
