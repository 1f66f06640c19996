using Likeness.Server;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>What a freshly started server says to its operator.</summary>
internal static class NextSteps
{
    public static string For(LikenessOptions options, BoundAddresses bound)
    {
        var data = options.DataDirectory == DataDirectory.Default() ? "" : $" --data {options.DataDirectory}";
        var lines = new List<string> { $"Serving {string.Join(", ", options.Domains)}, data in {options.DataDirectory}." };
        if (!bound.Http.IsEmpty)
        {
            lines.Add($"  web     http://{bound.Http[0]}/avatar/HASH");
        }

        if (!bound.Xmpp.IsEmpty)
        {
            lines.Add($"  chat    {bound.Xmpp[0]}, with {(options.Certificates.IsEmpty ? "a self-signed certificate" : "your certificate")}");
            lines.Add($"  next    likeness user add you@{options.Domains[0]}{data}");
        }

        lines.Add($"  then    likeness avatar set you@{options.Domains[0]} portrait.jpg{data}");
        return string.Join(Environment.NewLine, lines);
    }
}
