-- Prosody on loopback for one run. What Debian's configuration enables for clients, without limits;
-- BENCH_TUNED=yes adds the load settings that Prosody documents.
local directory = os.getenv("BENCH_DIRECTORY")
local tuned = os.getenv("BENCH_TUNED") == "yes"
local archives = os.getenv("BENCH_ARCHIVES") == "yes"

daemonize = false
pidfile = directory .. "/prosody.pid"
data_path = directory .. "/data"
log = { warn = "*console" }

certificates = directory
interfaces = { "127.0.0.1" }
c2s_ports = { tonumber(os.getenv("BENCH_PORT")) }
s2s_ports = {}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
ssl = { certificate = directory .. "/localhost.crt", key = directory .. "/localhost.key" }
authentication = "internal_hashed"
storage = "internal"
default_iteration_count = 10000

modules_enabled = {
	"disco", "roster", "saslauth", "tls",
	"blocklist", "bookmarks", "carbons", "pep", "private", "smacks", "vcard4", "vcard_legacy",
	"csi_simple", "ping", "register", "time", "uptime", "version", "posix",
	archives and "mam" or nil,
}
modules_disabled = { "s2s" }

if tuned then
	network_backend = "epoll"
	network_settings = {
		tcp_backlog = 4096,
		nagle = false,
		read_size = 65536,
	}
	gc = { mode = "generational" }
	blocklist_cache_size = 10000
	pep_service_cache_size = 10000
	pep_info_cache_size = 20000
else
	network_settings = { tcp_backlog = 4096 }
end

default_archive_policy = true
archive_expires_after = "1w"

VirtualHost "localhost"
Component "rooms.localhost" "muc"
