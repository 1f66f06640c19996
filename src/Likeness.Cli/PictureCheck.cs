using System.Net;
using System.Runtime.CompilerServices;
using Likeness.Cli.Chats;
using Likeness.Cli.Checks;
using Likeness.Cli.Checks.Protocol;
using Likeness.Cli.Federation;
using Likeness.Libravatar;
using Likeness.Server;
using Likeness.Web;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;

namespace Likeness.Cli;

/// <summary>The checks of <c>likeness check</c> for a person of this server who asks on a page whether the picture is seen.</summary>
internal sealed class PictureCheck(PictureCheckSurroundings surroundings) : IPictureCheck
{
    private readonly Reach _reach = new(
        surroundings.Options.Resolvers.FirstOrDefault(),
        surroundings.Options.MayGoToPrivate ?? surroundings.Options.Resolvers.Any(resolver => IPAddress.IsLoopback(resolver.Address)),
        null,
        []);

    public bool LooksOutside => surroundings.Options.OutsideCheck;

    public async IAsyncEnumerable<PictureFinding> Look(Identity person, IReadOnlyList<Address> addresses, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var address in addresses)
        {
            if (Own() is { } own)
            {
                using var probe = new ServerProbe(AvatarBase.Parse(own.AbsoluteUri), address, _reach, surroundings.Time, mayGoToServer: true);
                if (address.Kind == AddressKind.Email && surroundings.Options.DomainPolicies().For(address.Domain).Md5)
                {
                    yield return Of("md5", address.Text, [await PersonCheck.Look(probe, address, address.Md5, cancellationToken)]);
                }

                yield return Of("sha256", address.Text, [await PersonCheck.Look(probe, address, address.Sha256, cancellationToken)]);
            }

            if (!LooksOutside)
            {
                continue;
            }

            if (CheckTarget.Read(address.Text) is { Domain: not null, Person: not null } target)
            {
                var found = new List<Finding>();
                await foreach (var finding in new Examination(_reach, surroundings.Time) { IsOfPersonAlone = true }.Run(target, cancellationToken))
                {
                    found.Add(finding);
                }

                yield return Of("srv", address.Text, found);
            }

            if (surroundings.Options.WebFinger && address.Kind == AddressKind.Email)
            {
                yield return Of("webfinger", address.Text, [await WebFinger(address, cancellationToken)]);
            }
        }

        if (surroundings.Chats is { } chats && surroundings.Options.DomainPolicies().ServesChats(person.Domain) && Jid.TryParse(person.Value, out var jid))
        {
            var found = new List<Finding>();
            var check = new ChatAvatarCheck(jid, (iq, cancellation) => chats.Request(jid, iq, cancellation), async (pictures, converts, _) => Presences(jid, await chats.Presences(jid), pictures, converts));
            await foreach (var finding in check.Run(cancellationToken))
            {
                found.Add(finding);
            }

            yield return Of("pep", person.Value, [.. found.Where(finding => IsOf(finding, "chat-node") || IsOf(finding, "chat-agreement") || IsOf(finding, "chat-conversion"))]);
            yield return Of("vcard", person.Value, [.. found.Where(finding => IsOf(finding, "chat-vcard"))]);

            // Presence says a hash: what it is the hash of was found at the other two.
            var shown = found.Select(finding => finding.Picture).FirstOrDefault(picture => !picture.IsEmpty);
            yield return Of("presence", person.Value, [.. found.Where(finding => IsOf(finding, "chat-presence")).Select(finding => finding is { Id: "chat-presence", Level: Level.Ok } ? finding with { Picture = shown } : finding)]);
        }
    }

    // Where it is reached from outside; else where it listens.
    private Uri? Own()
    {
        if (surroundings.Options.PublicUrl is { } url)
        {
            return url;
        }

        var bound = surroundings.Bound();
        return bound.Http is [var plain, ..] ? At("http", plain) : bound.Https is [var secure, ..] ? At("https", secure) : null;

        static Uri At(string scheme, IPEndPoint end) =>
            new($"{scheme}://{(end.Address.Equals(IPAddress.Any) || end.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, end.Port) : end)}");
    }

    // Programs ask at the domain itself; where that says nothing, the person is told what this server would say.
    private async Task<Finding> WebFinger(Address address, CancellationToken cancellationToken)
    {
        var check = new WebFingerCheck(_reach);
        var atDomain = await check.Look(new Uri($"https://{address.Domain}"), address, cancellationToken);
        return atDomain.Picture.IsEmpty && Own() is { } own && await check.Look(own, address, cancellationToken, mayGoToRoot: true) is { Picture.IsEmpty: false } here
            ? Finding.Warning("webfinger-elsewhere", here.Subject, $"{atDomain.Text} {here.Text}", $"Let https://{address.Domain}/.well-known/webfinger lead to this server.") with { Picture = here.Picture }
            : atDomain;
    }

    private static IReadOnlyList<Finding> Presences(Jid of, IReadOnlyList<Xmpp.Xml.Element> said, IReadOnlySet<string> pictures, bool? converts) => said.Count == 0
        ? [Finding.Ok("chat-presence-away", $"xmpp:{of}", "It is not online: what its presence says of the picture is not seen.")]
        : [.. said
            .GroupBy(Xep0153VCardAvatars.Read, presence => Jid.TryParse(presence["from"], out var from) ? from.Resource : null)
            .Select(group => PresenceHashCheck.Judge($"xmpp:{of}", group.Key, string.Join(", ", group.OfType<string>()), pictures, converts))];

    private static bool IsOf(Finding finding, string id) => finding.Id.StartsWith(id, StringComparison.Ordinal);

    private static PictureFinding Of(string place, string subject, IReadOnlyList<Finding> found)
    {
        var picture = found.Select(finding => finding.Picture).FirstOrDefault(picture => !picture.IsEmpty);
        var verdict = found.Any(finding => finding.Level == Level.Wrong) ? PictureVerdict.Wrong
            : !picture.IsEmpty ? PictureVerdict.Shown
            : found.Any(finding => finding.Id is "chat-presence-away") ? PictureVerdict.NotSeen
            : PictureVerdict.None;
        return new PictureFinding(place, subject, verdict, picture, [.. found.Select(finding => finding.Advice is { } advice ? $"{finding.Text} {advice}" : finding.Text)]);
    }
}
