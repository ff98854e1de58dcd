import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client'

/** The numbers of a process, for a program that watches it (OpenMetrics). */
export class Metrics {
  readonly #registry = new Registry<OpenMetricsContentType>()
  readonly #requests: Histogram<'method' | 'route' | 'status'>
  readonly #purged: Counter
  readonly #purges: Histogram

  constructor() {
    this.#registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    this.#requests = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    })
    this.#purged = new Counter({ name: 'cruddur_purged_rows', help: 'Rows of what had expired, deleted', registers })
    this.#purges = new Histogram({
      name: 'cruddur_purge_duration_seconds',
      help: 'Time that a purge took',
      buckets: [0.01, 0.1, 1, 10, 60],
      registers,
    })
  }

  /** Observes each request of an app, by its route and never by its address. */
  watch(app: FastifyInstance): void {
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'none'
      const labels = { method: request.method, route, status: String(reply.statusCode) }
      this.#requests.observe(labels, reply.elapsedTime / 1_000)
    })
  }

  /** Adds a number that is read whenever somebody looks. */
  gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.#registry], collect: () => gauge.set(read()) })
  }

  /** Adds a purge that has ended. */
  countPurge(rows: number, seconds: number): void {
    this.#purged.inc(rows)
    this.#purges.observe(seconds)
  }

  async read(): Promise<{ type: string; body: string }> {
    return { type: this.#registry.contentType, body: await this.#registry.metrics() }
  }
}
