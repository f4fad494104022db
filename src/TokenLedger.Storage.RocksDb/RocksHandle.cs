// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace TokenLedger.Storage.RocksDb;

/// <summary>A native object that is destroyed exactly once, when nobody uses it any more.</summary>
internal abstract class RocksHandle : SafeHandle
{
    protected RocksHandle(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        Destroy(handle);
        return true;
    }

    /// <summary>Destroys the native object.</summary>
    protected abstract void Destroy(nint native);
}

/// <summary>
/// A native object that lives inside a database: the database is closed after it is destroyed.
/// </summary>
internal abstract class RocksChild : RocksHandle
{
    private readonly RocksDb _db;

    protected RocksChild(RocksDb db, nint handle)
        : base(handle)
    {
        bool added = false;
        db.DangerousAddRef(ref added);
        _db = db;
    }

    protected nint Db => _db.DangerousGetHandle();

    protected sealed override void Destroy(nint native)
    {
        DestroyChild(native);
        _db.DangerousRelease();
    }

    /// <summary>Destroys the native object, with its database still open.</summary>
    protected abstract void DestroyChild(nint native);
}
