using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>The server sends nobody where a stranger's <c>d</c> says (CWE-601).</summary>
internal sealed class OpenRedirectCheck : IProtocolCheck
{
    private const string Elsewhere = "evil.example";

    public (string Id, string Text)? Fine => ("open-redirect", "It redirects to no stranger's site.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var host = new Uri(probe.Server.Text).IdnHost;
        string[] lures =
        [
            $"//{Elsewhere}/x.png", $"/\\{Elsewhere}/x.png", $"https:{Elsewhere}/x.png", $"https://{Elsewhere}/x.png", $"HTTPS://{Elsewhere}/x.png",
            $"https://{host}@{Elsewhere}/x.png", $"https://{host}.{Elsewhere}/x.png", $"https://{Elsewhere}%2f.{host}/x.png",
            $"%2f%2f{Elsewhere}/x.png", "javascript:alert(1)", "data:text/html,x",
        ];
        var found = new List<string>();
        foreach (var lure in lures)
        {
            var answer = await probe.Get($"{probe.Stranger}?d={Uri.EscapeDataString(lure)}", cancellationToken);
            if (answer.Redirects.Any(redirect => LeadsAway(redirect.Location)))
            {
                found.Add(lure);
            }
        }

        if (found.Count > 0)
        {
            yield return Finding.Wrong("open-redirect", probe.Subject, $"It redirects to where d says: {string.Join(" ", found)}", "Redirect to listed sites only, or ignore URLs in d.");
        }

        var split = await probe.Get($"{probe.Stranger}?d=https%3A%2F%2F{Elsewhere}%2F%0d%0aX-Injected:%20yes", cancellationToken);
        if (split["x-injected"].Length > 0 || split["location"].Contains('\n', StringComparison.Ordinal))
        {
            yield return Finding.Wrong("header-injection", probe.Subject, "A line break in d becomes a header of the answer.", "Encode what goes into headers.");
        }
    }

    /// <summary>As browsers read it: back slashes are slashes, and a scheme needs no slashes behind it.</summary>
    internal static bool LeadsAway(string location)
    {
        var text = location.Trim().Replace('\\', '/').ToLowerInvariant();
        if (text.StartsWith("javascript:", StringComparison.Ordinal) || text.StartsWith("data:", StringComparison.Ordinal))
        {
            return true;
        }

        var scheme = text.StartsWith("https:", StringComparison.Ordinal) ? 6 : text.StartsWith("http:", StringComparison.Ordinal) ? 5 : 0;
        if (scheme == 0 && !text.StartsWith("//", StringComparison.Ordinal))
        {
            return false;
        }

        var authority = text[scheme..].TrimStart('/');
        var end = authority.AsSpan().IndexOfAny('/', '?', '#');
        authority = end < 0 ? authority : authority[..end];
        var host = authority[(authority.LastIndexOf('@') + 1)..].Split(':')[0];
        return host == Elsewhere || host.EndsWith("." + Elsewhere, StringComparison.Ordinal);
    }
}
