// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Web;

/// <summary>
/// What readers may take of the site together, and what one of them may. One reader is an address, of IPv6
/// its first 64 bits; a provider may have many people behind one, so that what one may take is generous.
/// </summary>
internal static class SiteLimits
{
    /// <summary>Most open connections: each costs 15 KB, and 60 MB of the 400 that the program may have are
    /// theirs.</summary>
    public const int Connections = 4_000;

    /// <summary>Most open connections of one reader: 66 browsers of six. Without it one machine takes all.
    /// </summary>
    public const int ConnectionsOfOne = 400;

    /// <summary>How long a connection may be idle, seconds: a reader who goes on within it saves a handshake,
    /// and one who only holds connections open must work for them.</summary>
    public const int IdleSeconds = 20;

    /// <summary>How long the lines of a request may take to arrive, seconds: they are one packet or
    /// two.</summary>
    public const int RequestSeconds = 10;

    /// <summary>Most readers of new blocks at a time.</summary>
    public const int LiveReaders = 2_000;

    /// <summary>Most streams of new blocks to one reader.</summary>
    public const int LiveReadersOfOne = 100;

    /// <summary>Most files that are written at a time: each keeps one moment of the index open.</summary>
    public const int Files = 8;

    /// <summary>Most files that are written for one reader at a time.</summary>
    public const int FilesOfOne = 2;

    /// <summary>Most manifests that are computed at a time: each reads a whole list.</summary>
    public const int Manifests = 1;

    /// <summary>The least pace at which a file must be read, bytes a second as they are sent, compressed:
    /// below any mobile connection's, so that only who keeps a place on purpose is cut off.</summary>
    public const int FileBytesASecond = 16 * 1024;

    /// <summary>How long a file's reader may take nothing, seconds, besides what <see
    /// cref="SendBufferBytes"/> is worth at that pace.</summary>
    public const int FileGraceSeconds = 5;

    /// <summary>Bytes that wait in the system to be sent on one connection; Linux takes twice that. What is
    /// there counts as read, and what it lets grow by itself is minutes of a slow reader's. It is enough for
    /// 800 KB a second at 150 ms.</summary>
    public const int SendBufferBytes = 64 * 1024;

    /// <summary>Rows after which a file lets others come before it goes on: about a millisecond's
    /// work.</summary>
    public const int RowsAtATime = 200;

    /// <summary>Manifests that are remembered: a few hundred bytes each.</summary>
    public const int ManifestsKept = 1_000;

    /// <summary>How long a manifest is remembered, minutes. It never changes; but a rebuilt index is to be
    /// read some time.</summary>
    public const int ManifestMinutes = 30;
}
