using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Libravatar.Tests.Fetching;

/// <summary>A web server on loopback that says exactly what a test wants, well-formed or not.</summary>
internal sealed class StandInServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Func<StandInConnection, Task> _serve;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private int _connections;

    public StandInServer(Func<StandInConnection, Task> serve, IPEndPoint? at = null, X509Certificate2? certificate = null)
    {
        _serve = serve;
        _certificate = certificate;
        _listener = new TcpListener(at ?? new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>The requests' headers as they arrived, to the last byte.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public int Connections => _connections;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url(string path = "/avatar/x", string host = "avatars.example") =>
        new($"{(_certificate is null ? "http" : "https")}://{host}:{Port}{path}");

    /// <summary>Answers every request of every connection with what the function makes of its header.</summary>
    public static StandInServer Answering(Func<string, byte[]> answer, IPEndPoint? at = null, X509Certificate2? certificate = null) =>
        new(
            async connection =>
            {
                while (await connection.ReadRequest() is { } request)
                {
                    await connection.Send(answer(request));
                }
            },
            at,
            certificate);

    public static StandInServer Answering(string answer) => Answering(_ => Answers.Latin1(answer));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(Serve(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                    stream = tls;
                }

                await using (stream)
                {
                    await _serve(new StandInConnection(stream, Requests, _end.Token));
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client went away, which is often what the test is about.
            }
        }
    }
}
