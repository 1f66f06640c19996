using System.Globalization;
using System.Net;
using Likeness.Beside.Accounts;
using Likeness.Beside.Connections;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside;

/// <summary>One thing that was looked at.</summary>
/// <param name="Id">The same for the same fault in every version, for scripts.</param>
/// <param name="Level">ok, warning or wrong.</param>
/// <param name="Advice">What to do; null when nothing has to be done.</param>
/// <param name="Lines">What to put into the other server's configuration; null: nothing.</param>
public sealed record BesideFinding(string Id, string Level, string Subject, string Text, string? Advice = null, string? Lines = null);

/// <summary>Says what is missing beside one server, and what to write into its configuration.</summary>
internal sealed class BesideCheck(BesideOptions options, ComponentLink link, AvatarWriter writer, IBesideStore store)
{
    public async Task<IReadOnlyList<BesideFinding>> Run(string? problem, CancellationToken cancellationToken)
    {
        var findings = new List<BesideFinding>();
        var server = options.Place;
        if (!link.IsConnected)
        {
            findings.Add(new("beside-connection", "wrong", server, problem ?? "is not connected yet.", "Both servers need the component's name and secret, and its listener has to be reached from here.", Listener(null)));
            return findings;
        }

        findings.Add(new("beside-connection", "ok", server, $"connected as {options.Name}."));
        foreach (var domain in options.Domains)
        {
            var software = await Software(domain, cancellationToken);
            findings.Add(new("beside-software", "ok", domain, software ?? "does not say what software it is."));
            findings.AddRange(Grants(domain, software));
        }

        findings.Add(options.AddressesAreTheSame switch
        {
            true => new("beside-addresses", "ok", options.Name, "chat addresses are the e-mail addresses that avatars on the web are asked by."),
            false => new("beside-addresses", "ok", options.Name, "avatars on the web are asked for by the addresses that people confirm."),
            null => new("beside-addresses", "warning", options.Name, "chat addresses are taken for people's e-mail addresses, and nobody said that they are.", "Say beside-addresses same, or other where an e-mail address of the same name may be somebody else's: where strangers may register at the chat server, too."),
        });
        await Accounts(findings, cancellationToken);
        return findings;
    }

    private IEnumerable<BesideFinding> Grants(string domain, string? software)
    {
        var grants = link.GrantsOf(domain);
        yield return grants.SeesPresence
            ? new("beside-presence", "ok", domain, "tells who comes online.")
            : new("beside-presence", "warning", domain, "does not tell who comes online: changes are noticed by the sweep alone.", "Grant presence.", Privileges(software, domain));
        yield return grants.ReadsPep
            ? new("beside-read", "ok", domain, "lets avatars be read as their owner sees them.")
            : new("beside-read", "warning", domain, "lets avatars be read only as strangers see them.", IsEjabberd(software) ? "ejabberd grants this from 25.03 on." : "Grant iq for pubsub.", Privileges(software, domain));
        yield return writer.WayOf(domain) switch
        {
            WriteWay.Privileged => new("beside-write", "ok", domain, "lets changes be written in people's name."),
            WriteWay.Api => new("beside-write", "ok", domain, "changes are written by ejabberd's API."),
            WriteWay.AsUser => new("beside-write", "ok", domain, "changes are written with people's addresses as sender."),
            _ => new("beside-write", "wrong", domain, "lets nothing be written: people change their picture in their chat program only.", "Grant iq for pubsub, or set beside-api.", Privileges(software, domain)),
        };
        yield return writer.Configures(domain)
            ? new("beside-visibility", "ok", domain, "takes the visibility that is chosen here.")
            : new("beside-visibility", "warning", domain, "does not take a visibility that is chosen here: in chats people still see what the chat server shows.", "Grant iq for pubsub#owner.", Privileges(software, domain));
        if (!grants.Configures && !options.JoinsRosters && grants.Iq.Count == 0)
        {
            yield return new("beside-notice", "warning", domain, "tells of changes only where avatar nodes are open to subscribers; others are noticed within ten minutes while people are online.", "Set beside-roster yes, or open the nodes.");
        }
    }

    private async Task Accounts(List<BesideFinding> findings, CancellationToken cancellationToken)
    {
        var (all, shown, unchosen, visible, leaked, parked, refused) = (0, 0, 0, 0, 0, 0, 0);
        for (Identity? after = null; ;)
        {
            var page = await store.Page(options.Name, after, 1000, cancellationToken);
            foreach (var known in page)
            {
                all++;
                parked += known.State == BesideState.Parked ? 1 : 0;
                refused += known.State == BesideState.Refused ? 1 : 0;
                shown += known.Seen is { Length: > 0 } ? 1 : 0;
                var isUnchosen = known.Seen is { Length: > 0 } && (known.Access is null ? known.FromVCard : known.Access == "presence,presence");
                unchosen += isUnchosen ? 1 : 0;
                visible += isUnchosen && known.Visibility == Visibility.Public ? 1 : 0;
                leaked += known.Access == "presence,presence" && known.Visibility == Visibility.Public ? 1 : 0;
            }

            if (page.Count < 1000)
            {
                break;
            }

            after = page[^1].Account;
        }

        findings.Add(all > 0
            ? new("beside-accounts", "ok", options.Name, Text($"{all} accounts, {shown} with an avatar."))
            : new("beside-accounts", "warning", options.Name, "no account is known yet.", "People are learned of when they come online; likeness beside accounts FILE tells all of them."));
        if (unchosen > 0)
        {
            findings.Add(new("beside-unchosen", "ok", options.Name, Text($"{unchosen} people chose nothing; beside-unchosen as-strangers-see, public and contacts show {(options.Unchosen == UnchosenVisibility.AsStrangersSee ? visible.ToString(CultureInfo.InvariantCulture) : "some")}, {unchosen} and 0 of them on the web.")));
        }

        if (leaked > 0 && options.Unchosen == UnchosenVisibility.AsStrangersSee)
        {
            findings.Add(new("beside-strangers", "warning", options.Name, Text($"the chat server itself gives strangers the vCards, with the picture, of {leaked} people whose avatar is for contacts."), "That is the chat server's behaviour; beside-unchosen contacts keeps them off the web."));
        }

        if (parked + refused > 0)
        {
            findings.Add(new("beside-left-out", "warning", options.Name, Text($"{refused} pictures are not taken, and {parked} accounts are left alone because they changed back and forth."), "The log says which."));
        }
    }

    private async Task<string?> Software(string domain, CancellationToken cancellationToken)
    {
        var ask = new Element("iq", Ns.Client).Set("type", "get").Set("to", domain).Add(new Element("query", Ns.Version));
        var query = (await link.Ask(ask, cancellationToken: cancellationToken))?.Child("query", Ns.Version);
        return query?.Child("name")?.Text() is { Length: > 0 and < 100 } name ? $"{name} {query.Child("version")?.Text()}".Trim() : null;
    }

    private string Port => options.Server is DnsEndPoint { Port: var port } ? $"port: {port}, ip: \"127.0.0.1\"" : $"port: \"{options.Place}\"";

    // Who has the API of ejabberd is beside one, also where the server does not say what it is.
    private bool IsEjabberd(string? software) => software?.StartsWith("ejabberd", StringComparison.Ordinal) ?? options.Api is not null;

    private string Listener(string? software) => IsEjabberd(software)
        ? $$"""listen: [ { {{Port}}, module: ejabberd_service, hosts: { {{options.Name}}: { password: SECRET } } } ]"""
        : $"""
           Component "{options.Name}"          -- Prosody; for ejabberd see docs/with/ejabberd.md
             component_secret = "SECRET"
             modules_enabled = {"{"} "privilege" {"}"}
           """;

    private string Privileges(string? software, string domain) => IsEjabberd(software)
        ? $$"""
            acl: { likeness: { server: {{options.Name}} } }
            access_rules: { likeness: { allow: likeness } }
            modules:
              mod_privilege:
                presence: { managed_entity: likeness }
                iq:                                          # from 25.03 on
                  "http://jabber.org/protocol/pubsub": { both: likeness }
                  "http://jabber.org/protocol/pubsub#owner": { both: likeness }
                  vcard-temp: { both: likeness }
            """
        : $$"""
            modules_enabled = { "privilege" }                -- Prosody, on the host and on the component; for ejabberd see docs/with/ejabberd.md
            VirtualHost "{{domain}}"
              privileged_entities = { ["{{options.Name}}"] = {
                presence = "managed_entity";
                iq = {
                  ["http://jabber.org/protocol/pubsub"] = "both";
                  ["http://jabber.org/protocol/pubsub#owner"] = "both";
                  ["vcard-temp"] = "both";
                };
              } }
            """;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
