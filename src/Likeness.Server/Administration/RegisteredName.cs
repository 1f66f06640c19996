namespace Likeness.Server.Administration;

/// <summary>Reads the name an operator gives to a token or webhook: it must be good in a command, a log line and a list.</summary>
internal static class RegisteredName
{
    private const int MaxCharacters = 64;

    public static string Read(string text) =>
        text.Length is > 0 and <= MaxCharacters && text[0] != '-' && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-')
            ? text
            : throw new OperationRefusedException($"'{text}' is not a name; letters, digits, '.', '_' and '-' are allowed, {MaxCharacters} at most.");
}
