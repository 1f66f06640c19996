-- Asks for one avatar that the client has: TAG and SINCE are what the server itself said of it; a server may lack one.
local headers = { ["If-Modified-Since"] = os.getenv("SINCE") }
if os.getenv("TAG") ~= "" then
  headers["If-None-Match"] = os.getenv("TAG")
end

function request()
  return wrk.format("GET", os.getenv("TARGET"), headers)
end
