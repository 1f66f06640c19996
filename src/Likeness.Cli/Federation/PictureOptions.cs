using System.CommandLine;
using Likeness.Libravatar;

namespace Likeness.Cli.Federation;

/// <summary>Whose picture is asked for, and how.</summary>
internal sealed class PictureOptions
{
    private readonly Argument<string> _person = new("PERSON") { Description = "An e-mail address or an OpenID URL." };
    private readonly Option<bool> _sha256 = new("--sha256") { Description = "SHA-256 instead of MD5; old servers know only MD5. OpenIDs are always SHA-256." };
    private readonly Option<int?> _size = new("--size", "-s") { Description = "Edge in pixels, 1 to 512. Without it the server's usual one.", HelpName = "N" };
    private readonly Option<string?> _default = new("--default", "-d") { Description = "For people without a picture: 404, mm, identicon, … or a URL.", HelpName = "D" };
    private readonly Option<bool> _preferHttps;
    private readonly Option<bool> _httpsOnly = new("--https-only") { Description = "Never http." };
    private readonly Option<bool> _http = new("--http") { Description = "http only." };

    private readonly SchemePolicy _usual;

    private PictureOptions(Command command, SchemePolicy usual)
    {
        _usual = usual;
        _preferHttps = new Option<bool>("--prefer-https")
        {
            Description = $"Take http where the domain has no https server. {(usual == SchemePolicy.PreferHttps ? "This is the usual way." : "Without it: https only.")}",
        };
        command.Add(_person);
        foreach (var option in new Option[] { _sha256, _size, _default, _preferHttps, _httpsOnly, _http })
        {
            command.Add(option);
        }

        _person.Validators.Add(result =>
        {
            // A word alone would be an OpenID of a host in the own network: more likely half of an address.
            if (!Address.TryParse(result.GetValueOrDefault<string>(), out var person) || !person.Text.AsSpan().ContainsAny('@', '.'))
            {
                result.AddError("PERSON is an e-mail address or an OpenID URL.");
            }
        });
        command.Validators.Add(result =>
        {
            if (new[] { _http, _preferHttps, _httpsOnly }.Count(result.GetValue) > 1)
            {
                result.AddError("--http, --https-only and --prefer-https exclude each other.");
            }
        });
    }

    /// <param name="usual">What holds when no flag says otherwise: what stands on pages must be https, what is only looked at need not.</param>
    public static PictureOptions AddTo(Command command, SchemePolicy usual) => new(command, usual);

    public Address Person(ParseResult parsed) => Address.Parse(parsed.GetRequiredValue(_person));

    public SchemePolicy Scheme(ParseResult parsed) => (parsed.GetValue(_http), parsed.GetValue(_preferHttps), parsed.GetValue(_httpsOnly)) switch
    {
        (true, _, _) => SchemePolicy.Http,
        (_, true, _) => SchemePolicy.PreferHttps,
        (_, _, true) => SchemePolicy.HttpsOnly,
        _ => _usual,
    };

    public AvatarUrlOptions Wish(ParseResult parsed) => new()
    {
        Size = parsed.GetValue(_size),
        Default = parsed.GetValue(_default),
        UseSha256 = parsed.GetValue(_sha256),
    };
}
