namespace Likeness.Stores;

/// <summary>Pictures that somebody reported. A person's go with the account.</summary>
public interface IReportStore
{
    /// <summary>Keeps a report; one about the same picture of the same person that nobody has decided on is counted instead.</summary>
    /// <param name="maxOpen">As many wait for a decision; beyond that nothing is kept.</param>
    /// <returns>Whether it is kept, or counted.</returns>
    ValueTask<bool> Add(PictureReport report, int maxOpen, CancellationToken cancellationToken = default);

    /// <summary>Those that nobody has decided on, the oldest first.</summary>
    /// <param name="domains">About people of these alone; null: about anybody.</param>
    ValueTask<IReadOnlyList<PictureReport>> Open(int most, IReadOnlyList<string>? domains = null, CancellationToken cancellationToken = default);

    /// <summary>The report with this id that nobody has decided on; null: there is none, or not any more.</summary>
    ValueTask<PictureReport?> Find(string id, CancellationToken cancellationToken = default);

    /// <summary>Of two who decide at once one does. False: it is decided already, or gone.</summary>
    ValueTask<bool> Decide(string id, string decision, string by, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Forgets what was decided before.</summary>
    ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default);
}

/// <summary>What somebody says of a picture.</summary>
/// <param name="Picture">What the person showed then.</param>
/// <param name="Mail">Where the reporter may be asked; null: nowhere.</param>
/// <param name="Times">How often it was reported.</param>
public sealed record PictureReport(string Id, Identity Person, PictureId Picture, string Reason, string? Mail, long Times, DateTimeOffset Made);
