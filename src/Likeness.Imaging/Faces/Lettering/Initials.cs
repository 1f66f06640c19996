using System.Globalization;

namespace Likeness.Imaging.Faces.Lettering;

/// <summary><c>initials</c>: white letters on the colour that chats give the person (XEP-0392); head and shoulders where no letters are known or some is not in the alphabet.</summary>
internal sealed class Initials : IFace
{
    private const int MaxLetters = 3;

    public string Name => "initials";

    public string Description => "letters on the colour that chats give the address (XEP-0392)";

    public string Draw(FaceSubject subject) =>
        Svg.OnGround(
            subject.Color.UnderWhite.Hex,
            Letters(subject.Initials ?? "") is [_, ..] letters ? TextLine.Draw(letters, "#ffffff") : $"""<g fill="#ffffff">{MysteryPerson.Outline}</g>""");

    private static IReadOnlyList<Glyph>? Letters(string initials) =>
        Alphabet.Write(string.Concat(TextElements(initials).Where(element => !Separates(element[0])).Take(MaxLetters)));

    private static bool Separates(char character) =>
        char.IsWhiteSpace(character) || char.IsPunctuation(character) || char.IsControl(character);

    private static IEnumerable<string> TextElements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            yield return elements.GetTextElement();
        }
    }
}
