using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>How a server talks to others: for which domains, where they connect, and whom it asks where they are.</summary>
/// <param name="Directory">Holds <c>domain.crt</c>, <c>domain.key</c>, both as <c>domain.pem</c>, and <c>authority.pem</c>, whom all trust.</param>
sealed record Federated(string Directory, IReadOnlyList<string> Domains, int Port, int Resolver)
{
    public const int People = 100;

    public string File(string name) => Path.Combine(Directory, name);

    /// <summary>The server with its people, who register.</summary>
    public async Task<RunningServer> Populated(Task<RunningServer> starting)
    {
        var server = await starting;
        try
        {
            await Registration.Register(new Target(server.Address, Domains[0]), [.. Enumerable.Range(0, People)]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}

/// <summary>DNS for a campaign: which port the servers of which domains listen at, all on this machine.</summary>
sealed class Names : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly Dictionary<string, int> ports;

    /// <param name="ports">By the end of the domain's name.</param>
    public Names(Dictionary<string, int> ports)
    {
        this.ports = ports;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _ = Serve();
    }

    public int Port { get; }

    public void Dispose() => socket.Dispose();

    async Task Serve()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var asked = await socket.ReceiveFromAsync(buffer, socket.LocalEndPoint!);
                await socket.SendToAsync(Answer(buffer.AsSpan(0, asked.ReceivedBytes)), asked.RemoteEndPoint);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    byte[] Answer(ReadOnlySpan<byte> query)
    {
        var (name, at) = ("", 12);
        for (; query[at] != 0; at += query[at] + 1)
            name += "." + Encoding.ASCII.GetString(query.Slice(at + 1, query[at]));
        var data = (BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]), ports.FirstOrDefault(entry => name.EndsWith("." + entry.Key, StringComparison.OrdinalIgnoreCase)).Value) switch
        {
            (33, > 0 and var port) when name.StartsWith("._xmpp-server._tcp.", StringComparison.OrdinalIgnoreCase) => [0, 5, 0, 0, (byte)(port >> 8), (byte)port, 9, .. "localhost"u8, 0],
            (1, _) when !name.StartsWith("._", StringComparison.Ordinal) => (byte[])[127, 0, 0, 1],
            _ => [],
        };
        byte[] record = data.Length == 0 ? [] : [0xC0, 12, query[at + 1], query[at + 2], 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data];
        return [query[0], query[1], 0x85, 0x80, 0, 1, 0, (byte)(data.Length > 0 ? 1 : 0), 0, 0, 0, 0, .. query[12..(at + 5)], .. record];
    }
}

/// <summary>An authority for one run, and a certificate for two domains and all below them, so that servers know each other by SASL EXTERNAL.</summary>
static class CommonAuthority
{
    static readonly string[] files = ["authority.pem", "domain.crt", "domain.key", "domain.pem"];

    /// <summary>Writes them once, and copies them to one server's own directory.</summary>
    public static void Share(string common, string directory, params string[] domains)
    {
        if (!File.Exists(Path.Combine(common, files[^1])))
            Write(common, domains);
        foreach (var file in files)
            File.Copy(Path.Combine(common, file), Path.Combine(directory, file));
    }

    static void Write(string directory, string[] domains)
    {
        var today = TimeProvider.System.GetUtcNow();
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var own = new CertificateRequest("CN=Authority of a benchmark", signing, HashAlgorithmName.SHA256);
        own.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        own.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        own.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(own.PublicKey, critical: false));
        using var authority = own.CreateSelfSigned(today.AddDays(-2), today.AddDays(30));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={domains[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var domain in domains)
        {
            names.AddDnsName(domain);
            names.AddDnsName($"*.{domain}");
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var certificate = request.Create(authority, today.AddDays(-1), today.AddDays(20), RandomNumberGenerator.GetBytes(8));
        var (chain, secret) = (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(Path.Combine(directory, "authority.pem"), authority.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(directory, "domain.crt"), chain);
        File.WriteAllText(Path.Combine(directory, "domain.key"), secret);
        File.WriteAllText(Path.Combine(directory, "domain.pem"), chain + secret);
    }
}
