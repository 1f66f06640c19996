using Likeness.Stores;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0441 Message Archive Management Preferences 0.2.0: whose messages an account wants to be kept.</summary>
internal sealed class Xep0441ArchivePreferences(Archives archives) : IFeature
{
    /// <summary>Addresses of both lists together.</summary>
    private const int MaxAddresses = 1000;

    public void Register(FeatureRegistry registry)
    {
        if (archives.IsOn)
        {
            registry.OnOwnIq("get", "prefs", Ns.Archive, async request => Write((await archives.Of(request.Account)).Rules));
            registry.OnOwnIq("set", "prefs", Ns.Archive, Change);
        }
    }

    private async ValueTask<Element?> Change(IqRequest request)
    {
        var rules = Read(request.Payload);
        await archives.Save(await archives.Of(request.Account), rules);
        return Write(rules);
    }

    private static ArchiveRules Read(Element prefs)
    {
        ArchiveRule rule = prefs["default"] switch
        {
            "always" => ArchiveRule.Always,
            "never" => ArchiveRule.Never,
            "roster" => ArchiveRule.Roster,
            _ => throw new StanzaErrorException(StanzaCondition.BadRequest, "The default is always, never or roster."),
        };
        var (always, never) = (Addresses(prefs.Child("always")), Addresses(prefs.Child("never")));
        return always.Length + never.Length <= MaxAddresses
            ? new ArchiveRules(rule, always, never)
            : throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"At most {MaxAddresses} addresses are in the lists of an archive.");
    }

    private static string[] Addresses(Element? list) => list is null ? [] : [.. list.Where(child => child.Is("jid", Ns.Archive)).Select(Address).Distinct()];

    private static string Address(Element child) => Jid.TryParse(child.Text().Trim(), out var jid)
        ? jid.Text
        : throw new StanzaErrorException(StanzaCondition.JidMalformed, "The lists of an archive hold XMPP addresses.");

    private static Element Write(ArchiveRules rules)
    {
        var word = rules.Default switch
        {
            ArchiveRule.Always => "always",
            ArchiveRule.Never => "never",
            _ => "roster",
        };
        return new Element("prefs", Ns.Archive).Set("default", word).Add(List("always", rules.Always)).Add(List("never", rules.Never));
    }

    private static Element List(string name, IReadOnlyList<string> addresses) =>
        addresses.Aggregate(new Element(name, Ns.Archive), static (list, address) => list.Add("jid", address));
}
