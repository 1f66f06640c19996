using Likeness.Cli.Federation;
using Likeness.Libravatar;

namespace Likeness.Cli.Commands;

internal sealed class UrlCommand : TeachingCommand
{
    public UrlCommand(Terminal terminal)
        : base("url", "Prints the URL of anybody's avatar: at the domain's own server by DNS, else at libravatar.org.")
    {
        var picture = PictureOptions.AddTo(this, SchemePolicy.HttpsOnly);
        var dns = DnsOption.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var reach = new Reach(parsed.GetValue(dns), false, null, []);
            var person = picture.Person(parsed);
            using var client = new AvatarClient(reach.Client(picture.Scheme(parsed)));
            var location = await client.LocateAsync(person, picture.Wish(parsed), cancellationToken);
            await Reasons.TellFallback(terminal, person.Domain, location.Discovery, location.Server);
            if (location.Url is { } url)
            {
                await terminal.Out.WriteLineAsync(url);
            }

            // The domain may have a server all the same: a script must not take the other one's URL for the answer.
            return Reasons.IsBroken(location.Discovery) ? ExitCode.Failed : location.Url is null ? ExitCode.HasNone : ExitCode.Done;
        });
        Examples =
        [
            "likeness url anne@example.org",
            "likeness url anne@example.org --size 256 --default identicon --sha256",
            "likeness url https://example.org/anne --prefer-https --dns 127.0.0.1:5353",
        ];
    }
}
