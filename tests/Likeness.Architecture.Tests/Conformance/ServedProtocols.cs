using System.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests.Conformance;

/// <summary>What the server serves of XMPP, from the features it registers: a page, and the same as DOAP (XEP-0453).</summary>
internal static partial class ServedProtocols
{
    // XEP-0479 0.1.0 (2023), the columns of servers.
    private static readonly (string Category, string Feature, string Level, string[] Providers)[] Suites =
    [
        ("Core", "Core features", "core", ["6120"]),
        ("Core", "TLS", "core", ["7590"]),
        ("Core", "Direct TLS", "advanced", ["0368"]),
        ("Core", "Feature discovery", "core", ["0030"]),
        ("Core", "Feature broadcasts", "advanced", ["0115"]),
        ("Core", "Server extensibility", "core", ["0114"]),
        ("Core", "Event publishing", "advanced", ["0163"]),
        ("Web", "Web connection mechanisms", "core", ["7395", "0206"]),
        ("IM", "Core features", "core", ["6121"]),
        ("IM", "User avatar compatibility", "advanced", ["0398", "0153"]),
        ("IM", "vcard-temp", "core", ["0054"]),
        ("IM", "Outbound message synchronization", "core", ["0280"]),
        ("IM", "User blocking", "advanced", ["0191"]),
        ("IM", "Group chat", "core", ["0045", "0249"]),
        ("IM", "Advanced group chat", "advanced", ["0048", "0313", "0402", "0410"]),
        ("IM", "Persistent storage of private data via PubSub", "advanced", ["0223"]),
        ("IM", "Private XML storage", "advanced", ["0049"]),
        ("IM", "Stream management", "advanced", ["0198"]),
        ("IM", "History storage and retrieval", "advanced", ["0313"]),
        ("IM", "File upload", "core", ["0363"]),
        ("Mobile", "Stream management", "core", ["0198"]),
        ("Mobile", "Client state indication", "core", ["0352"]),
        ("Mobile", "Third party push notifications", "advanced", ["0357"]),
    ];

    /// <summary>The documents by their paths, relative to the checkout.</summary>
    public static IReadOnlyDictionary<string, Func<string>> Documents { get; } = new Dictionary<string, Func<string>>
    {
        ["docs/xmpp.md"] = Page,
        ["docs/likeness.doap"] = Doap,
    };

    public static IReadOnlyList<ServedProtocol> Known { get; } =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "Likeness.Architecture.Tests", "Conformance", "served.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(parts => new ServedProtocol(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])),
    ];

    /// <summary>The types that are registered as features of the server.</summary>
    public static IReadOnlySet<string> Registered() => Repository.Files("src/Likeness.Xmpp.Server", "*.cs")
        .SelectMany(file => Registration().Matches(File.ReadAllText(file)))
        .Select(registration => registration.Groups["type"].Value)
        .ToHashSet();

    public static IReadOnlyList<ServedProtocol> Served()
    {
        var registered = Registered();
        return [.. Known.Where(one => one.ServedBy.Contains('/') ? File.Exists(Path.Combine(Repository.Root, "src", one.ServedBy)) : registered.Contains(one.ServedBy))];
    }

    private static string Page()
    {
        var served = Served();
        var text = new StringBuilder("""
            # What is served of XMPP

            Written by `scripts/conformance` from the features that the server registers; a test fails when it is out of date. The same for programs: [likeness.doap](likeness.doap). [Which test shows which requirement](conformance/chat.md).

            | | | version | |
            |---|---|---|---|

            """);
        foreach (var one in served)
        {
            text.Append($"| [{one.Label}]({one.Address}) | {one.Name} | {one.Version} | {string.Join(": ", new[] { one.Status == "complete" ? "" : one.Status, one.Notes }.Where(part => part.Length > 0))} |\n");
        }

        text.Append("""

            ## Compliance suites

            The lines for servers of [XEP-0479](https://xmpp.org/extensions/xep-0479.html), 2023. BOSH (XEP-0206) is not planned: the clients of today speak WebSocket.

            | category | feature | level | | by |
            |---|---|---|---|---|

            """);
        foreach (var (category, feature, level, providers) in Suites)
        {
            text.Append($"| {category} | {feature} | {level} | {Verdict(providers, served)} | {string.Join(", ", providers.Select(ServedProtocol.LabelOf))} |\n");
        }

        return text.ToString();
    }

    private static string Verdict(string[] providers, IReadOnlyList<ServedProtocol> served)
    {
        var missing = providers.Except(served.Select(one => one.Number)).ToArray();
        if (missing.Length == providers.Length)
        {
            return "no";
        }

        return missing.Length > 0 ? $"in part, without {string.Join(", ", missing.Select(ServedProtocol.LabelOf))}"
            : served.Any(one => providers.Contains(one.Number) && one.Status != "complete") ? "in part" : "yes";
    }

    private static string Doap()
    {
        var text = new StringBuilder("""
            <?xml version='1.0' encoding='UTF-8'?>
            <!-- Written by scripts/conformance. -->
            <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://usefulinc.com/ns/doap#' xmlns:xmpp='https://linkmauve.fr/ns/xmpp-doap#'>
              <Project>
                <name>Likeness</name>
                <shortdesc xml:lang='en'>One avatar server for a domain: Libravatar and XMPP, one portrait per person</shortdesc>
                <license rdf:resource='https://www.apache.org/licenses/LICENSE-2.0'/>
                <programming-language>C#</programming-language>
                <os>Linux</os>
                <category rdf:resource='https://linkmauve.fr/ns/xmpp-doap#category-server'/>

            """);
        foreach (var one in Served())
        {
            text.Append(one.IsXep
                ? $"""
                    <implements>
                      <xmpp:SupportedXep>
                        <xmpp:xep rdf:resource='{one.Address}'/>
                        <xmpp:status>{one.Status}</xmpp:status>
                        <xmpp:version>{one.Version}</xmpp:version>{(one.Notes.Length > 0 ? $"\n        <xmpp:note xml:lang='en'>{SecurityElement.Escape(Plain(one.Notes))}</xmpp:note>" : "")}
                      </xmpp:SupportedXep>
                    </implements>

                """
                : $"    <implements rdf:resource='{one.Address}'/>\n");
        }

        return text.Append("  </Project>\n</rdf:RDF>\n").ToString();
    }

    private static string Plain(string notes) => Link().Replace(notes, "${text}").Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\.Add<(?<type>\w+)>\(\)|AddSingleton<IFeature>\(provider => provider\.GetRequiredService<(?<type>\w+)>", RegexOptions.ExplicitCapture)]
    private static partial Regex Registration();

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]+\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}

/// <summary>An RFC or XEP.</summary>
/// <param name="Number">Four digits; a XEP's begins with 0.</param>
/// <param name="Status">As DOAP says it: complete or partial.</param>
/// <param name="ServedBy">A type that is registered as a feature, or a file below src.</param>
internal sealed record ServedProtocol(string Number, string Name, string Version, string Status, string ServedBy, string Notes)
{
    public bool IsXep => Number[0] == '0';

    public string Label => LabelOf(Number);

    public string Address => IsXep ? $"https://xmpp.org/extensions/xep-{Number}.html" : $"https://www.rfc-editor.org/rfc/rfc{Number}.html";

    public static string LabelOf(string number) => number[0] == '0' ? $"XEP-{number}" : $"RFC {number}";
}
