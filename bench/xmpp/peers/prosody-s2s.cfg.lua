-- Prosody on loopback for one run between servers: TLS and certificates; nothing is kept.
local directory = os.getenv("BENCH_DIRECTORY")

daemonize = false
pidfile = directory .. "/prosody.pid"
data_path = directory .. "/data"
log = { warn = "*console" }

interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
c2s_ports = { tonumber(os.getenv("BENCH_PORT")) }
s2s_ports = { tonumber(os.getenv("BENCH_S2S_PORT")) }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
s2s_require_encryption = true
ssl = { certificate = directory .. "/domain.crt", key = directory .. "/domain.key", cafile = directory .. "/authority.pem" }
unbound = {
	resolvconf = false,
	hoststxt = false,
	forward = { "127.0.0.1@" .. os.getenv("BENCH_RESOLVER") },
	options = { ["do-not-query-localhost:"] = "no", ["module-config:"] = "iterator" },
}
authentication = "internal_hashed"
storage = "internal"
default_iteration_count = 10000

modules_enabled = { "disco", "roster", "saslauth", "tls", "dialback", "s2s_bidi", "carbons", "ping", "posix" }

if os.getenv("BENCH_TUNED") == "yes" then
	network_backend = "epoll"
	network_settings = { tcp_backlog = 4096, nagle = false, read_size = 65536 }
	gc = { mode = "generational" }
else
	network_settings = { tcp_backlog = 4096 }
end

for domain in os.getenv("BENCH_DOMAINS"):gmatch("%S+") do
	VirtualHost(domain)
end
