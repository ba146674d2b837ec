// Names under `localhost` are this machine, as curl and browsers have it; Node asks the system, which may not know them.
import dns from 'node:dns'

const ask = dns.lookup

dns.lookup = (name, options, done) => {
  if (!name.endsWith('.localhost')) return ask(name, options, done)
  if (options.all) return done(null, [{ address: '127.0.0.1', family: 4 }])
  return done(null, '127.0.0.1', 4)
}
