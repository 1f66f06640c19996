using System.Globalization;
using Likeness.Imaging.Colors;

namespace Likeness.Imaging.Faces;

/// <summary>Whose face is drawn.</summary>
/// <param name="Hash">The address hash as asked for, or any text; only its lower-case form counts.</param>
/// <param name="Initials">Letters for the face that shows them; null when nobody said any.</param>
/// <param name="Address">The address behind the hash, prepared as for a comparison, where the server knows it: its colour is the one that chats show (XEP-0392).</param>
public readonly record struct FaceSubject(string Hash, string? Initials = null, string? Address = null)
{
    // A letter and an accent or two; more is play.
    private const int LongestLetter = 4;

    /// <summary>By the address where it is known, else by the hash.</summary>
    internal ConsistentColor Color => ConsistentColor.OfAddress(Address ?? Hash.ToLowerInvariant());

    /// <summary>First letters of the first and the last word, upper-case: <c>AL</c> for <c>Ada King Lovelace</c>. Null when the name has none.</summary>
    public static string? InitialsOf(string name)
    {
        var words = string.Concat(name.Where(letter => !char.IsControl(letter) || char.IsWhiteSpace(letter)))
            .Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [] => null,
            [var only] => FirstLetter(only),
            [var first, .., var last] => FirstLetter(first) + FirstLetter(last),
        };
    }

    /// <summary>The letters and digits of a text, upper-case, from its beginning: few and short, because each makes a picture of its own. Null when there is none.</summary>
    public static string? LettersOf(string? text, int most)
    {
        var letters = "";
        var elements = StringInfo.GetTextElementEnumerator(text ?? "");
        for (var taken = 0; taken < most && elements.MoveNext();)
        {
            if (elements.GetTextElement() is { Length: <= LongestLetter } letter && char.IsLetterOrDigit(letter, 0))
            {
                letters += letter.ToUpperInvariant();
                taken++;
            }
        }

        return letters.Length == 0 ? null : letters;
    }

    private static string FirstLetter(string word) => StringInfo.GetNextTextElement(word).ToUpperInvariant();
}
