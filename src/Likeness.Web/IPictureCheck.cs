using Likeness.Libravatar;

namespace Likeness.Web;

/// <summary>Looks whether a person's picture is seen, as others would. Whoever examines servers implements it.</summary>
public interface IPictureCheck
{
    /// <summary>Whether DNS is asked, and those servers that it names for the addresses; false: this server and its chats alone.</summary>
    bool LooksOutside { get; }

    /// <summary>One finding for each place, as it is found.</summary>
    /// <param name="addresses">The person's own.</param>
    IAsyncEnumerable<PictureFinding> Look(Identity person, IReadOnlyList<Address> addresses, CancellationToken cancellationToken = default);
}

/// <summary>What was seen at one place.</summary>
/// <param name="Place"><c>md5</c>, <c>sha256</c>, <c>srv</c>, <c>webfinger</c>, <c>pep</c>, <c>vcard</c> or <c>presence</c>.</param>
/// <param name="Subject">The address or account.</param>
/// <param name="Picture">As it came; empty: none did.</param>
/// <param name="Lines">What was found, in the words of the command.</param>
public sealed record PictureFinding(string Place, string Subject, PictureVerdict Verdict, ReadOnlyMemory<byte> Picture, IReadOnlyList<string> Lines);

/// <summary>Whether a picture is seen.</summary>
public enum PictureVerdict
{
    Shown,

    /// <summary>There is none, and nothing is wrong with that place.</summary>
    None,

    /// <summary>It could not be looked at just now.</summary>
    NotSeen,

    /// <summary>Something is wrong there.</summary>
    Wrong,
}
