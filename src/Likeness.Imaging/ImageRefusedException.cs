namespace Likeness.Imaging;

/// <summary>Why a picture was not taken.</summary>
public enum RefusalReason
{
    /// <summary>The bytes are no JPEG, PNG, WebP, GIF or AVIF.</summary>
    UnknownFormat,

    /// <summary>More bytes than <see cref="ImageLimits.LargestFile"/>.</summary>
    FileTooLarge,

    /// <summary>More pixels than the limits allow.</summary>
    TooManyPixels,

    /// <summary>More frames than <see cref="ImageLimits.MaxFrames"/>.</summary>
    TooManyFrames,

    /// <summary>Damaged, cut short, or not what its header says.</summary>
    Undecodable,

    /// <summary>Rendering it needed more memory or time than one picture may take.</summary>
    TooCostly,

    /// <summary>The renderer stopped in the middle of it.</summary>
    StoppedRenderer,
}

/// <summary>A picture that is not taken, by its own fault; the message may be shown to the person who sent it.</summary>
public sealed class ImageRefusedException(RefusalReason reason, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public RefusalReason Reason { get; } = reason;
}
