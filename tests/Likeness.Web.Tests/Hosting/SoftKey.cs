using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Likeness.Web.Tests.Hosting;

/// <summary>An authenticator with one passkey, as Web Authentication Level 3 §6 describes it; it lies where a test tells it to.</summary>
internal sealed class SoftKey(string origin, string host) : IDisposable
{
    private const byte Present = 1;
    private const byte Verified = 4;
    private const byte Attested = 0x40;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; } = RandomNumberGenerator.GetBytes(16);

    public string Origin { get; set; } = origin;

    /// <summary>Whose key it is.</summary>
    public string Host { get; set; } = host;

    /// <summary>Whether it says that it has checked the person.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>Whether the browser says that it was asked in a frame of another site's page.</summary>
    public bool IsFramed { get; set; }

    public uint Counter { get; set; }

    /// <summary>By which the site knows whose it is.</summary>
    public string? Handle { get; set; }

    /// <summary>What a browser answers to the options of making one.</summary>
    public string Make(string options)
    {
        using var asked = JsonDocument.Parse(options);
        Handle = asked.RootElement.GetProperty("user").GetProperty("id").GetString();
        var point = _key.ExportParameters(includePrivateParameters: false).Q;

        // RFC 9053 §7.1.1, in CBOR (RFC 8949): kty 2, alg -7, crv 1, x, y.
        byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. Data(Attested), .. new byte[16], 0, (byte)Id.Length, .. Id, .. cose];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        return Written(new { clientDataJSON = Text(Client("webauthn.create", asked)), attestationObject = Text(attestation), transports = new[] { "internal" } });
    }

    /// <summary>What a browser answers to the options of showing it.</summary>
    public string Show(string options)
    {
        using var asked = JsonDocument.Parse(options);
        var (client, data) = (Client("webauthn.get", asked), Data(0));
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Written(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = Handle });
    }

    public void Dispose() => _key.Dispose();

    private byte[] Client(string type, JsonDocument asked) => Encoding.UTF8.GetBytes(
        $$"""{"type":"{{type}}","challenge":"{{asked.RootElement.GetProperty("challenge").GetString()}}","origin":"{{Origin}}","crossOrigin":{{(IsFramed ? "true" : "false")}}}""");

    private byte[] Data(byte flags)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Host)), (byte)(Present | (Verifies ? Verified : 0) | flags), .. counter];
    }

    private string Written(object response) =>
        JsonSerializer.Serialize(new { id = Text(Id), rawId = Text(Id), type = "public-key", clientExtensionResults = new { }, response });

    private static string Text(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
