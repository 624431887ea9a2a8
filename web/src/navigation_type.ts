/** Whether the page was opened by an address or a link, not by a reload or by going back. */
export function isOpenedAnew(): boolean {
  const [opening] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return opening === undefined || opening.type === 'navigate';
}
