using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Renditions;

/// <summary>Takes renditions of a replaced picture off the disk, in the background: what a person removed must not linger.</summary>
public sealed partial class RenditionCleaner : IPortraitListener, IAsyncDisposable
{
    private readonly Channel<PictureId> _gone = Channel.CreateUnbounded<PictureId>(new UnboundedChannelOptions { SingleReader = true });
    private readonly RenditionFolder _folder;
    private readonly ILogger<RenditionCleaner> _log;
    private readonly Task _work;

    public RenditionCleaner(RenditionFolder folder, ILogger<RenditionCleaner> log)
    {
        _folder = folder;
        _log = log;
        _work = Task.Run(Clean);
    }

    public void OnPortraitChanged(PortraitChanged change)
    {
        if (change.Before.Source is { } before && before.Id != change.After.Source?.Id)
        {
            _gone.Writer.TryWrite(before.Id);
        }
    }

    /// <summary>Finishes what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _gone.Writer.TryComplete();
        await _work;
    }

    private async Task Clean()
    {
        await foreach (var picture in _gone.Reader.ReadAllAsync())
        {
            try
            {
                _folder.Remove(picture);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.NotRemoved(_log, picture.Hex, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Renditions of the picture {Picture} cannot be removed")]
        public static partial void NotRemoved(ILogger logger, string picture, Exception exception);
    }
}
