-- Asks for one of the avatars named in TARGETS (one path per line), chosen at random for each request.
local requests = {}
for line in io.lines(os.getenv("TARGETS")) do
  requests[#requests + 1] = "GET " .. line .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"
end

function init(args)
  math.randomseed(80)
end

function request()
  return requests[math.random(#requests)]
end
