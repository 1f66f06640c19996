using System.Collections.Immutable;

namespace Likeness.Stores;

/// <summary>What people tell of themselves beside their portrait. It is written by <see cref="StoreWrite.Profile"/> and goes with the account.</summary>
public interface IProfileStore
{
    /// <summary>As its owner wrote it, shown or not; null: nothing was written.</summary>
    ValueTask<Profile?> Find(Identity account, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="Find"/>, where the person shows it and the account is not disabled.</summary>
    ValueTask<Profile?> FindShown(Identity account, CancellationToken cancellationToken = default);
}

/// <summary>What a person tells of themselves.</summary>
/// <param name="IsShown">To everybody, as long as the portrait is.</param>
/// <param name="Name">As the person wants to be called; may be empty while it is not shown.</param>
public sealed record Profile(bool IsShown, string Name, ImmutableArray<ProfileLink> Links, DateTimeOffset Changed);

/// <summary>Where else the person is.</summary>
/// <param name="Url">Absolute, http or https.</param>
/// <param name="Title">What to call it; empty: its host.</param>
public sealed record ProfileLink(string Url, string Title)
{
    /// <summary>What it is called where it is shown.</summary>
    public string Label() => Title.Length > 0 ? Title : new Uri(Url).IdnHost;
}
