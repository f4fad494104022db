// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Web;

namespace TokenLedger.Explorer.Export;

/// <summary>Places for answers that may take long, and what was found out in them. Thread-safe.</summary>
internal sealed class ExportPlaces(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, ulong Height), string> _manifests = [];
    private readonly Queue<((string Name, ulong Height) Key, DateTimeOffset At)> _order = new();

    /// <summary>Places for files: each keeps one moment of the index open as long as its reader
    /// reads.</summary>
    public Places Files { get; } = new(SiteLimits.Files, SiteLimits.FilesOfOne);

    /// <summary>Places for manifests that are being computed.</summary>
    public Places Manifests { get; } = new(SiteLimits.Manifests, SiteLimits.Manifests);

    /// <summary>The manifest of a file at a height, where it was computed before; null where not.</summary>
    public string? FindManifest(string name, ulong height)
    {
        lock (_lock)
        {
            Forget();
            return _manifests.GetValueOrDefault((name, height));
        }
    }

    /// <summary>Remembers a manifest.</summary>
    public void Keep(string name, ulong height, string manifest)
    {
        lock (_lock)
        {
            if (_manifests.TryAdd((name, height), manifest))
            {
                _order.Enqueue(((name, height), clock.GetUtcNow()));
            }

            Forget();
        }
    }

    private void Forget()
    {
        DateTimeOffset old = clock.GetUtcNow() - TimeSpan.FromMinutes(SiteLimits.ManifestMinutes);
        while (_order.TryPeek(out var first) && (first.At < old || _order.Count > SiteLimits.ManifestsKept))
        {
            _order.Dequeue();
            _manifests.Remove(first.Key);
        }
    }
}
