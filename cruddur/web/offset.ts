/** How far the server's clock is ahead of ours, in milliseconds: what we take it for, and between what it must be. */
export interface Offset {
  ahead: number
  least: number
  most: number
}

/**
 * Each answer says of the offset between what it must be: the server said a time (or up to a grain later, since a Date
 * header has full seconds) between the sending of the request and the receiving of the answer. Several of them together
 * say it better than one. Where they contradict each other a clock was set, and the newest is right.
 */
export function narrowOffset(
  known: Offset | undefined,
  said: number,
  grain: number,
  sentAt: number,
  receivedAt: number,
): Offset {
  let least = said - receivedAt
  let most = said + grain - sentAt
  if (known !== undefined && known.least <= most && known.most >= least) {
    least = Math.max(least, known.least)
    most = Math.min(most, known.most)
  }
  // Two clocks that may agree are taken to do so.
  const ahead = least <= 0 && most >= 0 ? 0 : Math.round((least + most) / 2)
  return { ahead, least, most }
}
