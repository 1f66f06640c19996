using System.CommandLine;
using Likeness.Libravatar;

namespace Likeness.Cli.Federation;

/// <summary>Whose picture is asked for, and how (L-70 to L-73).</summary>
internal sealed class PictureOptions
{
    private readonly Argument<string> _person = new("PERSON") { Description = "An e-mail address or an OpenID URL." };
    private readonly Option<bool> _sha256 = new("--sha256") { Description = "SHA-256 instead of MD5; old servers know only MD5. OpenIDs are always SHA-256." };
    private readonly Option<int?> _size = new("--size", "-s") { Description = "Edge in pixels, 1 to 512. Without it the server's usual one.", HelpName = "N" };
    private readonly Option<string?> _default = new("--default", "-d") { Description = "For people without a picture: 404, mm, identicon, … or a URL.", HelpName = "D" };
    private readonly Option<bool> _preferHttps = new("--prefer-https") { Description = "Take http where the domain has no https server. Without it: https only." };
    private readonly Option<bool> _http = new("--http") { Description = "http only." };

    private PictureOptions(Command command)
    {
        command.Add(_person);
        foreach (var option in new Option[] { _sha256, _size, _default, _preferHttps, _http })
        {
            command.Add(option);
        }

        _person.Validators.Add(result =>
        {
            if (!Address.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("PERSON is an e-mail address or an OpenID URL.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(_http) && result.GetValue(_preferHttps))
            {
                result.AddError("--http and --prefer-https exclude each other.");
            }
        });
    }

    public static PictureOptions AddTo(Command command) => new(command);

    public Address Person(ParseResult parsed) => Address.Parse(parsed.GetRequiredValue(_person));

    public SchemePolicy Scheme(ParseResult parsed) =>
        parsed.GetValue(_http) ? SchemePolicy.Http : parsed.GetValue(_preferHttps) ? SchemePolicy.PreferHttps : SchemePolicy.HttpsOnly;

    public AvatarUrlOptions Wish(ParseResult parsed) => new()
    {
        Size = parsed.GetValue(_size),
        Default = parsed.GetValue(_default),
        UseSha256 = parsed.GetValue(_sha256),
    };
}
