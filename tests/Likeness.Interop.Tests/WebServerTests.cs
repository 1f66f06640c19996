using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp;

namespace Likeness.Interop.Tests;

/// <summary>The lines of docs/web-chat.md for web servers in front, in the web servers they are for: a browser's login over their TLS.</summary>
[Trait("Category", "Integration")]
[Trait("Requirement", "W-18")]
public sealed partial class WebServerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_lines_for_nginx_let_chats_through()
    {
        await using var stage = await Stage.Open("--trusted-proxy", "127.0.0.1");
        var folder = Path.GetDirectoryName(stage.Write("nginx.log", []))!;
        var (certificate, key) = Certificate(stage);
        var port = FreePort.Next().Port;
        var lines = Lines("nginx").Replace("127.0.0.1:8080", stage.Server.Http.ToString(), StringComparison.Ordinal);
        var settings = stage.Write("nginx.conf", Encoding.UTF8.GetBytes($$"""
            daemon off; master_process off; pid {{folder}}/nginx.pid; error_log {{folder}}/nginx.log;
            events { worker_connections 64; }
            http {
                access_log off; client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
                server {
                    listen 127.0.0.1:{{port}} ssl; server_name localhost;
                    ssl_certificate {{certificate}}; ssl_certificate_key {{key}};
                    {{lines}}
                }
            }
            """));

        using var nginx = Start("/usr/sbin/nginx", folder, "-p", folder, "-c", settings);
        await LogsIn(port, nginx);
    }

    [Fact]
    public async Task The_lines_for_Caddy_let_chats_through()
    {
        await using var stage = await Stage.Open("--trusted-proxy", "127.0.0.1");
        var (certificate, key) = Certificate(stage);
        var folder = Path.GetDirectoryName(certificate)!;
        var port = FreePort.Next().Port;
        var lines = Lines("").Replace("127.0.0.1:8080", stage.Server.Http.ToString(), StringComparison.Ordinal)
            .Replace("example.org {", $"https://localhost:{port} {{\n    bind 127.0.0.1\n    tls {certificate} {key}", StringComparison.Ordinal);
        var settings = stage.Write("Caddyfile", Encoding.UTF8.GetBytes($"{{\n    admin off\n    auto_https disable_redirects\n}}\n{lines}\n"));

        using var caddy = Start("/usr/bin/caddy", folder, "run", "--config", settings, "--adapter", "caddyfile");
        await LogsIn(port, caddy);
    }

    /// <summary>The block of the page whose text has to do with a WebSocket.</summary>
    private static string Lines(string language)
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "web-chat.md"));
        return Blocks().Matches(page).Single(block => block.Groups["language"].Value == language && block.Groups["lines"].Value.Contains("127.0.0.1:8080", StringComparison.Ordinal)).Groups["lines"].Value;
    }

    /// <summary>PLAIN is taken only from who came by TLS, which the web server has to say.</summary>
    private static async Task LogsIn(int port, Process server)
    {
        using var limit = new CancellationTokenSource(Timeout);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
#pragma warning disable CA5359 // The certificate was made a moment ago, for this test.
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable;
#pragma warning restore CA5359
        await Listens(port, server, limit.Token);
        await socket.ConnectAsync(new Uri($"wss://localhost:{port}/xmpp-websocket"), limit.Token);
        (await Ask($"<open xmlns='{Ns.Framing}' to='localhost' version='1.0'/>")).ShouldStartWith("<open ");
        (await Receive()).ShouldContain("PLAIN");
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0juliet\0{Stage.Password}"));
        (await Ask($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{login}</auth>")).ShouldContain("<success");

        async Task<string> Ask(string element)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(element), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            return await Receive();
        }

        async Task<string> Receive()
        {
            var buffer = new byte[16 * 1024];
            return Encoding.UTF8.GetString(buffer, 0, (await socket.ReceiveAsync(buffer, limit.Token)).Count);
        }
    }

    private static async Task Listens(int port, Process server, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (server.HasExited)
            {
                throw new InvalidOperationException($"The web server ended: {await server.StandardError.ReadToEndAsync(cancellationToken)}");
            }

            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Yield();
            }
        }
    }

    private static Ended Start(string program, string home, params string[] arguments)
    {
        File.Exists(program).ShouldBeTrue($"./test installs {program} for this.");
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["XDG_DATA_HOME"] = home;
        start.Environment["XDG_CONFIG_HOME"] = home;
        return new Ended(Process.Start(start)!);
    }

    private static (string Certificate, string Key) Certificate(Stage stage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        return (stage.Write("web.pem", Encoding.ASCII.GetBytes(made.ExportCertificatePem())), stage.Write("web.key", Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem())));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Likeness.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex("^```(?<language>[a-z]*)\\n(?<lines>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();

    /// <summary>A program that ends with its test.</summary>
    private sealed class Ended(Process process) : IDisposable
    {
        public static implicit operator Process(Ended ended) => ended.Process;

        private Process Process => process;

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process.Dispose();
        }
    }
}
