using System.Net.Sockets;
using System.Security.Authentication;

namespace Likeness.Libravatar.Fetching;

/// <summary>The one place where exceptions of the HTTP client become results.</summary>
internal static class FetchErrors
{
    public static FetchResult Translate(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AddressRefusedException:
                    return new FetchResult.Refused(FetchRefusal.Address);
                case AuthenticationException:
                    return new FetchResult.Failed(FetchFailure.Encryption);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery }:
                    return new FetchResult.Failed(FetchFailure.Unresolved);
                case OperationCanceledException or TimeoutException:
                    return new FetchResult.Failed(FetchFailure.TimedOut);
                default:
                    break;
            }
        }

        return exception is HttpRequestException request ? Translate(request.HttpRequestError) : new FetchResult.Failed(FetchFailure.Protocol);
    }

    private static FetchResult Translate(HttpRequestError error) => error switch
    {
        HttpRequestError.ConfigurationLimitExceeded => new FetchResult.Refused(FetchRefusal.HeaderTooLarge),
        HttpRequestError.NameResolutionError => new FetchResult.Failed(FetchFailure.Unresolved),
        HttpRequestError.ConnectionError => new FetchResult.Failed(FetchFailure.Unreachable),
        HttpRequestError.SecureConnectionError => new FetchResult.Failed(FetchFailure.Encryption),
        _ => new FetchResult.Failed(FetchFailure.Protocol),
    };
}
