namespace Likeness;

/// <summary>Draws portraits as the web shows them. Whoever renders pictures implements it.</summary>
public interface IPortraitPainter
{
    /// <summary>The portrait at a size, whoever may see it: who asks decides for whom. Null: it shows nothing, or nothing that can be drawn. Throws when none can be drawn now.</summary>
    /// <param name="size">Pixels, both ways.</param>
    ValueTask<Picture?> Paint(Portrait portrait, int size, CancellationToken cancellationToken = default);
}
