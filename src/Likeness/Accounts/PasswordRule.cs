using System.Globalization;
using Likeness.Xmpp.Sasl;

namespace Likeness.Accounts;

/// <summary>
/// Which passwords are taken: long ones of whatever characters, none that everybody tries first, none made of the person's own
/// address. No rule asks for digits or signs. What an operator hands out need only be usable.
/// </summary>
/// <param name="minCharacters">Of passwords that people choose.</param>
public sealed class PasswordRule(int minCharacters = PasswordRule.DefaultMinCharacters)
{
    public const int DefaultMinCharacters = 12;

    /// <summary>No operator can ask for less.</summary>
    public const int LeastMinCharacters = 8;

    /// <summary>So that nobody makes the server hash megabytes.</summary>
    public const int MaxCharacters = 256;

    private const int MinDistinct = 5;
    private const int MinWord = 8;
    private const int MinKnownWord = 4;
    private const int MinOwnLetters = 5;

    // Beside those of the person's address, what everybody knows who sees the page.
    private static readonly string[] KnownWords = ["likeness", "avatar", "libravatar", "gravatar", "jabber", "xmpp"];
    private static readonly char[] BetweenWords = ['@', '.', '-', '_', '+'];

    // One word a line, line breaks around each. From zxcvbn, © Dan Wheeler and Dropbox, Inc. (MIT licence).
    private static readonly Lazy<string> Common = new(ReadCommon);

    /// <param name="account">The address, whose words are no password.</param>
    /// <exception cref="AccountRefusedException">With what to do better.</exception>
    public void CheckChosen(string password, string account)
    {
        CheckUsable(password);
        var characters = new StringInfo(password).LengthInTextElements;
        if (characters < minCharacters)
        {
            throw Refused($"The password is too short: it needs {minCharacters} characters. Some words in a row make a good one.");
        }

        if (password.Distinct().Count() < MinDistinct || IsCommon(password) || IsOfKnownWords(password, account))
        {
            throw Refused("This password is one of the first that anybody would try. Some words in a row make a good one, but not those of the address.");
        }
    }

    /// <exception cref="AccountRefusedException">It cannot be a password at all (RFC 4013).</exception>
    public static void CheckUsable(string password)
    {
        if (password.Length > MaxCharacters)
        {
            throw Refused($"The password is too long: it may have {MaxCharacters} characters.");
        }

        if (SaslPrep.Prepare(password) is null)
        {
            throw Refused("This cannot be a password: it is empty or has characters that passwords may not have (RFC 4013).");
        }
    }

    // "password2026!" is "password" to whoever guesses.
    private static bool IsCommon(string password)
    {
        var lower = password.ToLowerInvariant();
        var word = lower.TrimEnd("0123456789!?.,-_*#+$%&/() ".ToCharArray());
        return IsListed(lower) || (word.Length >= MinWord && IsListed(word));
    }

    private static bool IsListed(string word) => !word.Contains('\n') && Common.Value.Contains($"\n{word}\n", StringComparison.Ordinal);

    private static bool IsOfKnownWords(string password, string account)
    {
        var left = password.ToLowerInvariant();
        foreach (var word in account.ToLowerInvariant().Split(BetweenWords).Concat(KnownWords).Where(word => word.Length >= MinKnownWord).OrderByDescending(word => word.Length))
        {
            left = left.Replace(word, "\n", StringComparison.Ordinal);
        }

        return left.Contains('\n', StringComparison.Ordinal) && left.Count(char.IsLetter) < MinOwnLetters;
    }

    private static string ReadCommon()
    {
        using var resource = typeof(PasswordRule).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(resource);
        return $"\n{reader.ReadToEnd()}";
    }

    private static AccountRefusedException Refused(string message) => new(AccountRefusal.Password, message);
}
