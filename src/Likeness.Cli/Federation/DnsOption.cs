using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

namespace Likeness.Cli.Federation;

/// <summary>The resolver to ask instead of the system's.</summary>
internal static class DnsOption
{
    private const int UsualPort = 53;

    public static Option<IPEndPoint?> AddTo(Command command, string more = "")
    {
        var option = new Option<IPEndPoint?>("--dns")
        {
            Description = "The DNS resolver to ask instead of the system's; special names such as .test are then asked for too." + more,
            HelpName = "ADDR:PORT",
            CustomParser = Read,
        };
        command.Add(option);
        return option;
    }

    private static IPEndPoint? Read(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: var text }] && IPEndPoint.TryParse(text, out var server))
        {
            return server.Port == 0 ? new IPEndPoint(server.Address, UsualPort) : server;
        }

        result.AddError("--dns is an address and a port such as 127.0.0.1:5353 or [::1]:53.");
        return null;
    }
}
