using System.Buffers.Binary;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Likeness.Server.Control;

/// <summary>Which user of the operating system is at the other end of the control socket: the kernel says so, nobody can claim to be another.</summary>
internal static class PeerUser
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int CredentialBytes = 12;

    /// <summary>The user's name; <c>uid N</c> for one without a name here. Where the system does not tell (it does on Linux), our own: nobody else may connect.</summary>
    public static string Of(HttpContext context)
    {
        if (!OperatingSystem.IsLinux() || context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            return Environment.UserName;
        }

        Span<byte> credentials = stackalloc byte[CredentialBytes];
        var length = socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return length == CredentialBytes ? NameOf(BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..])) : Environment.UserName;
    }

    private static string NameOf(uint id)
    {
        var field = id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var line = File.Exists("/etc/passwd")
            ? File.ReadLines("/etc/passwd").Select(entry => entry.Split(':')).FirstOrDefault(entry => entry.Length > 2 && entry[2] == field)
            : null;
        return line?[0] ?? $"uid {field}";
    }
}
