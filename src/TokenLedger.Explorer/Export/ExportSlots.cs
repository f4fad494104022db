// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Export;

/// <summary>
/// Places for answers that may take long: each keeps one moment of the index open as long as its reader
/// reads. Thread-safe.
/// </summary>
internal sealed class ExportSlots(int count) : IDisposable
{
    /// <summary>How many there are in the explorer.</summary>
    public const int Default = 8;

    private readonly SemaphoreSlim _free = new(count, count);

    /// <summary>Takes a place; null when all are taken. Dispose it to give it back.</summary>
    public IDisposable? TryTake() => _free.Wait(0) ? new Slot(_free) : null;

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                free.Release();
            }
        }
    }
}
