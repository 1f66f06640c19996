namespace Likeness.Stores;

/// <summary>What the people of a domain are told once when they come.</summary>
public interface IMessageOfTheDayStore
{
    ValueTask<MessageOfTheDay?> Find(string domain, CancellationToken cancellationToken = default);

    /// <summary>Replaces the domain's.</summary>
    ValueTask Save(MessageOfTheDay message, CancellationToken cancellationToken = default);

    /// <summary>False: there was none.</summary>
    ValueTask<bool> Remove(string domain, CancellationToken cancellationToken = default);
}

/// <summary>A message of the day.</summary>
/// <param name="Id">Another one for each message that is to be shown to everybody again.</param>
/// <param name="Subject">Null: none.</param>
public sealed record MessageOfTheDay(string Domain, string Id, string? Subject, string Text, DateTimeOffset Made);
