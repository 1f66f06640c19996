using System.Text;

namespace Likeness.Libravatar;

/// <summary>What an avatar request asks for, read from the bytes of its target; never refused, because every mistake has a defined meaning.</summary>
/// <param name="Hash">Whose avatar; null when the path is no hash: an unknown user.</param>
/// <param name="Format">The picture type asked for.</param>
/// <param name="Size">Pixels, exact.</param>
/// <param name="Default">The decoded value of <c>d</c>; null when absent or empty.</param>
/// <param name="ForceDefault">Skip the person's picture.</param>
public readonly record struct AvatarQuery(
    AddressHash? Hash,
    AvatarFormat Format,
    int Size,
    string? Default,
    bool ForceDefault)
{
    private const int LongestText = 192;

    /// <summary>The decoded value of <c>initials</c>, letters for the face of that name; null when absent, empty or longer than any initials.</summary>
    public string? Initials { get; init; }

    /// <summary>The decoded value of <c>name</c>, whose initials are shown when there are no others; null as for <see cref="Initials"/>.</summary>
    public string? Name { get; init; }

    /// <summary><c>gravatarproxy=n</c>: this server must not ask Gravatar.</summary>
    public bool NoGravatarProxy { get; init; }

    /// <summary><c>gravatarredirect=y</c>: the browser would rather be sent to Gravatar.</summary>
    public bool GravatarRedirect { get; init; }

    /// <summary>The decoded value of <c>domain</c>: whose server may be asked about a hash that nobody here knows; null when absent, empty or too long.</summary>
    public string? Domain { get; init; }

    /// <summary>Reads the path behind <c>/avatar/</c> and the query behind <c>?</c>, both still percent-encoded.</summary>
    public static AvatarQuery Parse(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, AvatarSizes sizes)
    {
        var (hash, format) = HashSegment.Read(path);
        Parameter size = default, choice = default, force = default, initials = default, words = default, proxy = default, redirect = default, domain = default;
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = pair.IndexOf((byte)'=');
            var name = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? default : pair[(equals + 1)..];
            size = size.Or(name, value, "s"u8, "size"u8);
            choice = choice.Or(name, value, "d"u8, "default"u8);
            force = force.Or(name, value, "f"u8, "forcedefault"u8);
            initials = initials.Or(name, value, "initials"u8);
            words = words.Or(name, value, "name"u8);
            proxy = proxy.Or(name, value, "gravatarproxy"u8);
            redirect = redirect.Or(name, value, "gravatarredirect"u8);
            domain = domain.Or(name, value, "domain"u8);
        }

        return new AvatarQuery(
            hash,
            format,
            sizes.Read(size.Value),
            DefaultKeywords.Read(choice.Value),
            PercentEncoding.DecodesTo(force.Value, "y"u8))
        {
            Initials = Text(initials.Value),
            Name = Text(words.Value),
            NoGravatarProxy = PercentEncoding.DecodesTo(proxy.Value, "n"u8),
            GravatarRedirect = PercentEncoding.DecodesTo(redirect.Value, "y"u8),
            Domain = Text(domain.Value),
        };
    }

    private static string? Text(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded.Length > LongestText)
        {
            return null;
        }

        Span<byte> decoded = stackalloc byte[encoded.Length];
        return Encoding.UTF8.GetString(decoded[..PercentEncoding.Decode(encoded, decoded, plusIsSpace: true)]);
    }

    /// <summary>One parameter under its two names: the long one wins, then the last one; names are case-sensitive.</summary>
    private readonly ref struct Parameter(ReadOnlySpan<byte> value, bool byLongName)
    {
        public ReadOnlySpan<byte> Value { get; } = value;

        private readonly bool _byLongName = byLongName;

        public Parameter Or(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ReadOnlySpan<byte> onlyName) =>
            PercentEncoding.DecodesTo(name, onlyName) ? new Parameter(value, true) : this;

        public Parameter Or(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ReadOnlySpan<byte> shortName, ReadOnlySpan<byte> longName)
        {
            if (PercentEncoding.DecodesTo(name, longName))
            {
                return new Parameter(value, true);
            }

            return !_byLongName && PercentEncoding.DecodesTo(name, shortName) ? new Parameter(value, false) : this;
        }
    }
}
