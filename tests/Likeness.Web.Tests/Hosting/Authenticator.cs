using Likeness.Accounts;

namespace Likeness.Web.Tests.Hosting;

/// <summary>A person's authenticator, which was told a secret as people type it.</summary>
internal sealed class Authenticator(string secret)
{
    public byte[] Secret { get; } = Bytes(secret.Replace(" ", ""));

    public string CodeAt(DateTimeOffset time) => OneTimeCodes.At(Secret, OneTimeCodes.StepAt(time));

    private static byte[] Bytes(string text)
    {
        var bits = string.Concat(text.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(at => Convert.ToByte(bits.Substring(at * 8, 8), 2))];
    }
}
