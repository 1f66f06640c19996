using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using MimeKit;

namespace Likeness.Web.Tests.Hosting;

/// <summary>A mail server that takes mail over a real socket (RFC 5321), in the clear, by STARTTLS or with TLS first, and shows what it was told.</summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<Received> _mails = Channel.CreateUnbounded<Received>();
    private readonly Task _work;

    public MailReceiver()
    {
        _listener.Start();
        _work = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it answers to a recipient; 250 takes it.</summary>
    public Func<string, string> Recipient { get; set; } = _ => "250 OK";

    /// <summary>What it answers to who sends.</summary>
    public string Sender { get; set; } = "250 OK";

    /// <summary>What it answers when a mail is there, by its recipient; 250 takes it.</summary>
    public Func<string, string> Content { get; set; } = _ => "250 taken";

    /// <summary>Null: it offers no TLS.</summary>
    public X509Certificate2? Certificate { get; set; }

    public bool IsTlsFirst { get; init; }

    /// <summary>User, NUL, password, as AUTH PLAIN sends it; null: nobody has to log in.</summary>
    public string? Login { get; set; }

    /// <summary>What was said for AUTH, in order.</summary>
    public List<string> Logins { get; } = [];

    /// <summary>Mails that came in the clear.</summary>
    public int Clear { get; private set; }

    /// <summary>The next mail that comes.</summary>
    public async Task<Received> Next()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _mails.Reader.ReadAsync(end.Token);
    }

    /// <summary>What came before a mail that is asked for now. Of mails that are due at the same moment any may be first: a second one, asked for when the first is here, comes behind them all.</summary>
    public async Task<IReadOnlyList<Received>> UntilNow(Func<string, Task> ask)
    {
        var mails = new List<Received>();
        for (var turn = 0; turn < 2; turn++)
        {
            var fence = $"fence-{Guid.NewGuid():N}@mantua.example";
            await ask(fence);
            while (await Next() is var mail && !mail.To.Contains(fence))
            {
                mails.Add(mail);
            }
        }

        return mails;
    }

    /// <summary>A certificate for localhost and, as its authority, a PEM file of itself.</summary>
    public static (X509Certificate2 Certificate, string Pem) NewCertificate(string name = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null), made.ExportCertificatePem());
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _work;
        _stopping.Dispose();
    }

    private async Task Accept()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                talks.Add(Talk(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task Talk(TcpClient client)
    {
        using (client)
        {
            try
            {
                await Talk(client.GetStream());
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The other side went.
            }
        }
    }

    private async Task Talk(Stream stream)
    {
        var isEncrypted = false;
        if (IsTlsFirst)
        {
            (stream, isEncrypted) = (await Encrypt(stream), true);
        }

        var (from, to) = ("", new List<string>());
        await Say(stream, "220 receiver ESMTP");
        while (await Line(stream) is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await Say(stream, "250-receiver" + (Certificate is not null && !isEncrypted ? "\r\n250-STARTTLS" : "") + (Login is not null ? "\r\n250-AUTH PLAIN XOAUTH2" : "") + "\r\n250 8BITMIME");
                    break;
                case "STARTTLS":
                    await Say(stream, "220 go on");
                    (stream, isEncrypted) = (await Encrypt(stream), true);
                    break;
                case "AUTH":
                    Logins.Add(line);
                    var said = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2]));
                    await Say(stream, said.Contains(Login!, StringComparison.Ordinal) ? "235 welcome" : "535 no");
                    break;
                case "MAIL":
                    (from, to) = (line, []);
                    await Say(stream, Sender);
                    break;
                case "RCPT":
                    var answer = Recipient(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]);
                    to.Add(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]);
                    await Say(stream, answer);
                    break;
                case "DATA":
                    await Say(stream, "354 go on");
                    var text = new StringBuilder();
                    for (string? next; (next = await Line(stream)) != ".";)
                    {
                        if (next is null)
                        {
                            // Broken off: what is no whole mail is none.
                            return;
                        }

                        text.Append(next.StartsWith('.') ? next[1..] : next).Append("\r\n");
                    }

                    if (Content(to[0]) is var taken && taken[0] != '2')
                    {
                        await Say(stream, taken);
                        break;
                    }

                    var raw = text.ToString();
                    Clear += isEncrypted ? 0 : 1;
                    _mails.Writer.TryWrite(new Received(from, to, isEncrypted, raw, await MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(raw)))));
                    await Say(stream, taken);
                    break;
                case "QUIT":
                    await Say(stream, "221 bye");
                    return;
                default:
                    await Say(stream, "250 OK");
                    break;
            }
        }
    }

    private async Task<Stream> Encrypt(Stream stream)
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stopping.Token);
        return encrypted;
    }

    private async Task Say(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), _stopping.Token);
        await stream.FlushAsync(_stopping.Token);
    }

    private async Task<string?> Line(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stopping.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}

internal sealed record Received(string From, IReadOnlyList<string> To, bool IsEncrypted, string Raw, MimeMessage Message)
{
    public string Text => Message.TextBody!;

    public string Html => Message.HtmlBody!;

    /// <summary>The path that the mail's link leads to.</summary>
    public string Link => new Uri(Text.Split('\n', '\r').First(line => line.StartsWith("https://", StringComparison.Ordinal)).Trim()).AbsolutePath;

    /// <summary>The number that is in the mail.</summary>
    public string Code => System.Text.RegularExpressions.Regex.Match(Text, @"(?<![\w/-])\d{6}(?![\w-])").Value;
}
