using Likeness.Cli.Federation;
using Likeness.Libravatar;
using Likeness.Server.Administration;

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
            var reach = new Reach(parsed.GetValue(dns), false, []);
            var person = picture.Person(parsed);
            using var client = new AvatarClient(reach.Client(picture.Scheme(parsed)));
            var url = await client.UrlAsync(person, picture.Wish(parsed), cancellationToken)
                ?? throw new OperationRefusedException($"There is no server for {person}.");
            await terminal.Out.WriteLineAsync(url);
        });
        Examples =
        [
            "likeness url anne@example.org",
            "likeness url anne@example.org --size 256 --default identicon --sha256",
            "likeness url https://example.org/anne --prefer-https --dns 127.0.0.1:5353",
        ];
    }
}
