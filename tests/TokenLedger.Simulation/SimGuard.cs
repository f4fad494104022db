// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Simulation;

/// <summary>
/// The small disk of a signer guard, apart from the databases and their backups. A write is durable when it
/// returns; before that a power loss leaves the old content or the new one.
/// </summary>
internal sealed class SimGuard : IGuardFile
{
    private byte[]? _content;
    private (int After, WriteFault Fault)? _armed;

    /// <summary>Faults that came true, by kind.</summary>
    public Action<WriteFault> Fired { get; init; } = static _ => { };

    /// <summary>It has one content and no slots: what rots is the whole.</summary>
    public bool IsDamaged => false;

    public byte[]? Read() => _content;

    public void Replace(ReadOnlySpan<byte> content)
    {
        WriteFault? fault = null;
        if (_armed is { } armed)
        {
            _armed = armed.After > 0 ? (armed.After - 1, armed.Fault) : null;
            fault = armed.After > 0 ? null : armed.Fault;
        }

        if (fault is { } now)
        {
            Fired(now);
        }

        if (fault is not (WriteFault.PowerLostBefore or WriteFault.ErrorBefore or WriteFault.Torn))
        {
            _content = content.ToArray();
        }

        switch (fault)
        {
            case null:
                break;
            case WriteFault.ErrorBefore or WriteFault.SyncError:
                throw new StorageFault(StorageFaultKind.IO, StorageScope.Process, "The guard's disk: EIO");
            default:
                throw new PowerLossException();
        }
    }

    /// <summary>Has a fault happen at one of the writes that follow, counted from zero.</summary>
    public void Arm(int after, WriteFault fault) => _armed = (after, fault);

    public void Disarm() => _armed = null;

    /// <summary>Another content takes its place: none, an older one, a rotten one.</summary>
    public void Put(byte[]? content) => _content = content;

    public void Dispose()
    {
        // It outlives the process.
    }
}
