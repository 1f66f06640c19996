namespace Likeness.Imaging.Steps;

/// <summary>What is done to a picture, in order. Each step is a file beside this one.</summary>
internal static class Pipelines
{
    /// <summary>Orientation waits until the picture is small: a centred square is the same before and after turning.</summary>
    public static readonly IReadOnlyList<Action<Rendering>> Photo =
    [
        OpenShrunk.Apply,
        CropSquare.Apply,
        Resize.Apply,
        ToSrgb.Apply,
        Orient.Apply,
        ChooseMasterFormat.Apply,
        Flatten.Apply,
        JoinFrames.Apply,
        StripMetadata.Apply,
        Encode.Apply,
    ];

    public static readonly IReadOnlyList<Action<Rendering>> Face =
    [
        OpenDrawing.Apply,
        Resize.Apply,
        Flatten.Apply,
        StripMetadata.Apply,
        Encode.Apply,
    ];
}
