using System.Text;
using System.Text.Unicode;

namespace Likeness.Xmpp.Sasl;

/// <summary>The one message of PLAIN (RFC 4616 §2): <c>[authzid] NUL authcid NUL passwd</c>.</summary>
public sealed record PlainMessage(string? Authorization, string User, string Password)
{
    private const int MaxBytes = 1023;

    /// <summary>Null when it is malformed: other than two NULs, an empty or overlong part, invalid UTF-8.</summary>
    public static PlainMessage? Parse(ReadOnlySpan<byte> message)
    {
        var first = message.IndexOf((byte)0);
        var second = first < 0 ? -1 : message[(first + 1)..].IndexOf((byte)0);
        if (second < 1 || !Utf8.IsValid(message))
        {
            return null;
        }

        var authorization = message[..first];
        var user = message.Slice(first + 1, second);
        var password = message[(first + second + 2)..];
        if (user.Length > MaxBytes || password.Length is 0 or > MaxBytes || password.Contains((byte)0))
        {
            return null;
        }

        return new PlainMessage(authorization.IsEmpty ? null : Encoding.UTF8.GetString(authorization), Encoding.UTF8.GetString(user), Encoding.UTF8.GetString(password));
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Authorization}\0{User}\0{Password}");

    // The generated text would hold the password, and end in a log.
    public override string ToString() => $"PLAIN {User}";
}
