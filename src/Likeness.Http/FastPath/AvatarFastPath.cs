using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.FastPath;

/// <summary>Answers plain avatar requests from the connection's own bytes and leaves everything else to the web server behind it.</summary>
public static class AvatarFastPath
{
    /// <summary>Put it behind <c>UseHttps</c>, where there is one: it reads decrypted bytes.</summary>
    public static ListenOptions UseAvatarFastPath(this ListenOptions listen)
    {
        listen.Use(next =>
        {
            var services = listen.ApplicationServices;
            var endpoint = services.GetRequiredService<AvatarEndpoint>();
            var clock = services.GetRequiredService<HttpClock>();
            var server = listen.KestrelServerOptions.Limits;
            var limits = new FastPathLimits(
                (int)Math.Min(server.KeepAliveTimeout.TotalSeconds, int.MaxValue - 1),
                (int)Math.Min(server.RequestHeadersTimeout.TotalSeconds, int.MaxValue - 1));
            return async connection =>
            {
                if (SpeaksHttp2(connection) || await new FastConnection(endpoint, clock, limits, connection).Run())
                {
                    await next(connection);
                }
            };
        });
        return listen;
    }

    private static bool SpeaksHttp2(ConnectionContext connection) =>
        connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) ?? false;
}
