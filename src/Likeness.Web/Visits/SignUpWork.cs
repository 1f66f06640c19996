using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Web.Visits;

/// <summary>
/// A sum that costs a browser some seconds and a server nothing: asked of whoever opens many accounts from one place. It is made of what the
/// browser's cookie says, the hour and the name, so that nobody keeps anything for it and one answer opens one account.
/// </summary>
internal static class SignUpWork
{
    /// <summary>Zero bits that the hash begins with.</summary>
    public const int Bits = 16;

    private const int MaxAnswer = 20;
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>What the browser is given.</summary>
    public static string Task(Visitor visitor, DateTimeOffset now) => Task(visitor.EnsureToken(), now);

    /// <summary>Whether this is an answer: the SHA-256 of task, name and answer, with colons between them, begins with <see cref="Bits"/> zeros.</summary>
    public static bool IsDone(Visitor visitor, DateTimeOffset now, string name, string? answer) =>
        answer is { Length: > 0 and <= MaxAnswer } && visitor.Token is { } token && (Solves(Task(token, now), name, answer) || Solves(Task(token, now - Period), name, answer));

    internal static bool Solves(string task, string name, string answer) =>
        BitOperations.LeadingZeroCount(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{task}:{name}:{answer}")))) >= Bits;

    private static string Task(string token, DateTimeOffset now) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.ASCII.GetBytes(token), Encoding.ASCII.GetBytes((now.UtcTicks / Period.Ticks).ToString("'likeness work '0", CultureInfo.InvariantCulture))).AsSpan(0, 16));
}
