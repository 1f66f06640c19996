using Likeness.Limits;
using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0377 Spam Reporting 0.4.0: why somebody is blocked, for the operator to read in the log. Nobody else is told, whatever a report
/// allows. Who reports very much is heard no more that day; blocking goes on.
/// </summary>
internal sealed class Xep0377Reporting(IStores stores, TimeProvider time) : IFeature
{
    private const string Namespace = "urn:xmpp:reporting:1";
    private const string Reasons = "urn:xmpp:reporting:";
    private const string StanzaIds = "urn:xmpp:sid:0";
    private const int MaxText = 1000;
    private const int MaxStanzas = 10;
    private const int MaxReporters = 10_000;
    private static readonly RateLimit PerAccount = new(20, TimeSpan.FromDays(1));
    private readonly KeyedRateLimiter<string> _reports = new(PerAccount, MaxReporters, time);

    public void Register(FeatureRegistry registry) => registry.ServerFeatures.Add(Namespace);

    /// <summary>Keeps the reports among these items of a block; what is no report is passed over.</summary>
    public async ValueTask Take(Account by, Element block)
    {
        foreach (var item in block)
        {
            if (item.Child("report", Namespace) is { } report
                && report["reason"] is $"{Reasons}spam" or $"{Reasons}abuse"
                && Jid.TryParse(item["jid"], out var about)
                && _reports.Take(by.Jid.Text) == TimeSpan.Zero)
            {
                await stores.Audit.Write(new AuditEntry(
                    time.GetUtcNow(), by.Jid.Text, $"report {report["reason"]![Reasons.Length..]}", about.BareText, Cut(report.Child("text")?.Text().Trim()), Stanzas(report)));
            }
        }
    }

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text is { Length: > 0 } ? text : null;

    private static string? Stanzas(Element report)
    {
        string[] ids = [.. report.Where(child => child.Is("stanza-id", StanzaIds)).Take(MaxStanzas).Select(id => $"{id["id"]} of {id["by"]}")];
        return ids.Length == 0 ? null : Cut($"messages {string.Join(", ", ids)}");
    }
}
