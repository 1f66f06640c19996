using System.Globalization;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;

namespace Likeness.Http;

/// <summary>The letters that a request wants on a face: few and short, because each makes a picture of its own.</summary>
internal static class FaceLetters
{
    private const int MaxLetters = 3;

    // A letter and an accent or two; more is play.
    private const int LongestLetter = 4;

    /// <summary>Of <c>initials</c>, else of <c>name</c>; null when neither has any.</summary>
    public static string? Of(AvatarQuery query) =>
        Letters(query.Initials) ?? (query.Name is { } name ? Letters(FaceSubject.InitialsOf(name)) : null);

    private static string? Letters(string? text)
    {
        var letters = "";
        var elements = StringInfo.GetTextElementEnumerator(text ?? "");
        for (var taken = 0; taken < MaxLetters && elements.MoveNext();)
        {
            if (elements.GetTextElement() is { Length: <= LongestLetter } letter && char.IsLetterOrDigit(letter, 0))
            {
                letters += letter.ToUpperInvariant();
                taken++;
            }
        }

        return letters.Length == 0 ? null : letters;
    }
}
