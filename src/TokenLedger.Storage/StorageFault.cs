// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace TokenLedger.Storage;

/// <summary>What went wrong with a database.</summary>
public enum StorageFaultKind
{
    /// <summary>Another process, or another instance in this one, has the database open.</summary>
    Locked = 1,

    /// <summary>Bytes on disk are not what was written, or do not fit together.</summary>
    Corrupt = 2,

    /// <summary>No space is left on the device, or a quota is used up.</summary>
    Full = 3,

    /// <summary>Any other failure of the device or the file system.</summary>
    IO = 4,

    /// <summary>Another version of this program, or another library, wrote this format.</summary>
    Version = 5,

    /// <summary>The database belongs to another network.</summary>
    Genesis = 6,

    /// <summary>The database library is not installed or cannot be loaded.</summary>
    Library = 7,
}

/// <summary>How far a storage fault reaches.</summary>
public enum StorageScope
{
    /// <summary>Only this call failed; the store can be used further.</summary>
    Request = 1,

    /// <summary>The store cannot be used: a process that needs it has to stop.</summary>
    Process = 2,
}

/// <summary>A database cannot do what it must. The message tells an operator what to do.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A fault is one of our three kinds of error.")]
public sealed class StorageFault : Exception
{
    /// <summary>Names kind, reach, what happened and what to do about it.</summary>
    public StorageFault(StorageFaultKind kind, StorageScope scope, string message, Exception? cause = null)
        : base(message, cause)
    {
        Kind = kind;
        Scope = scope;
    }

    /// <summary>What went wrong.</summary>
    public StorageFaultKind Kind { get; }

    /// <summary>How far it reaches.</summary>
    public StorageScope Scope { get; }

    /// <summary>True when a new open may succeed without repair, once the cause is gone.</summary>
    public bool IsTransient => Kind is StorageFaultKind.Locked or StorageFaultKind.Full;
}
