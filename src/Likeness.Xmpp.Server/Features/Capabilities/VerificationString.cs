using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Capabilities;

/// <summary>The verification string of a disco#info answer (XEP-0115 §5.1; X-CAP-1).</summary>
internal static class VerificationString
{
    /// <summary>The hash in base64; null for an answer that is ill-formed (§5.4) or a hash we do not compute.</summary>
    /// <param name="hash">As in the <c>hash</c> attribute: <c>sha-1</c> or <c>sha-256</c>.</param>
    public static string? Compute(Element info, string hash)
    {
        var text = new StringBuilder();
        var identities = Lines(info, "identity", identity => $"{identity["category"]}/{identity["type"]}/{identity.Get("lang", Ns.Xml)}/{identity["name"]}");
        var features = Lines(info, "feature", feature => feature["var"] ?? "");
        if (HasDuplicates(identities) || HasDuplicates(features) || !AppendForms(info, text))
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(string.Concat(Joined(identities), Joined(features), text.ToString()));
        return hash switch
        {
            "sha-1" => Convert.ToBase64String(SHA1.HashData(bytes)),
            "sha-256" => Convert.ToBase64String(SHA256.HashData(bytes)),
            _ => null,
        };
    }

    private static string[] Lines(Element info, string name, Func<Element, string> line)
    {
        string[] lines = [.. info.Where(child => child.Is(name, Ns.DiscoInfo)).Select(line)];
        Array.Sort(lines, StringComparer.Ordinal);
        return lines;
    }

    private static string Joined(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "<"));

    private static bool HasDuplicates(string[] sorted) =>
        sorted.Zip(sorted.Skip(1)).Any(pair => pair.First == pair.Second);

    // False: two forms of one type, or one FORM_TYPE with different values.
    private static bool AppendForms(Element info, StringBuilder text)
    {
        var forms = new SortedDictionary<string, Element>(StringComparer.Ordinal);
        foreach (var form in info.Where(child => child.Is("x", Ns.DataForms)))
        {
            var type = form.FirstOrDefault(field => field["var"] == "FORM_TYPE");
            if (type is null || type["type"] is not (null or "hidden"))
            {
                continue;
            }

            var values = Values(type);
            if (values.Distinct(StringComparer.Ordinal).Count() > 1 || !forms.TryAdd(values.FirstOrDefault() ?? "", form))
            {
                return false;
            }
        }

        foreach (var (type, form) in forms)
        {
            text.Append(type).Append('<');
            foreach (var field in form.Where(field => field.Name == "field" && field["var"] is not (null or "FORM_TYPE")).OrderBy(field => field["var"], StringComparer.Ordinal))
            {
                text.Append(field["var"]).Append('<').Append(Joined(Values(field)));
            }
        }

        return true;
    }

    private static string[] Values(Element field) =>
        [.. field.Where(child => child.Name == "value").Select(child => child.Text()).Order(StringComparer.Ordinal)];
}
