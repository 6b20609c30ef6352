namespace Pasteur.Configuration;

/// <summary>Every bound of the program, in one place. Those of the Git engine are in Pasteur.Git's GitLimits.</summary>
internal static class Limits
{
    /// <summary>How long a site that has just begun to listen leaves the processor to those who ask; then it asks its remote, and looks for pastes whose time is over.</summary>
    public static readonly TimeSpan BackgroundPause = TimeSpan.FromMilliseconds(500);

    // Settings
    public const int ShortestIdLength = 3;
    public const int LongestIdLength = 32;

    /// <summary>Below this, two servers of one remote may draw the same id before they know of each other.</summary>
    public const int ShortestIdLengthForLocalAck = 8;

    public const int SmallestMaxPasteBytes = 1024;
    public const int LargestMaxPasteBytes = 64 * 1024 * 1024;
    public const int MaxTitleLength = 100;
    public const int MaxBasePathLength = 100;
    public const int MaxBranchLength = 200;
    public static readonly TimeSpan ShortestPullEvery = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestPullEvery = TimeSpan.FromDays(1);

    public const int MaxHostNameLength = 253;

    public const long SmallestMaxTotalBytes = 1024 * 1024;
    public const long LargestMaxTotalBytes = 1L << 50;

    /// <summary>
    /// Where pastes are kept in memory: what the program takes for itself, and how many bytes one that is kept takes at the worst of times. Measured with
    /// pastes of 900,000 bytes: machines of 128 and 256 MB would end at three times and one and a half times that.
    /// </summary>
    public const long MemoryOfProgram = 96 * 1024 * 1024, MemoryOfAByte = 3;
    public const long SmallestTotalInMemory = 8 * 1024 * 1024;

    /// <summary>Of a request that is refused before it is read: beyond this its connection ends with the answer.</summary>
    public const int LongestBodyReadInVain = 64 * 1024;

    // Reports, and what whoever runs the site decides.
    public const int MaxReports = 10_000;
    public const int MaxReportsOfPaste = 10;
    public const int MaxReportLength = 500;
    public const int MaxBlocked = 100_000;
    public const int MaxBans = 1_000;
    public static readonly TimeSpan ShortestBan = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestBan = TimeSpan.FromDays(3650);
    public const int MaxAdminCommandBytes = 1024;
    public const int MaxAdminShownBytes = 4 * 1024;
    public static readonly TimeSpan AdminPatience = TimeSpan.FromSeconds(60);

    /// <summary>A long history takes its time to be made again.</summary>
    public static readonly TimeSpan ErasePatience = TimeSpan.FromHours(6);

    /// <summary>Pushes of a rewritten history that lost to somebody else's in a row.</summary>
    public const int MaxEraseTries = 5;

    /// <summary>So long pushes of others wait for such a one (<see cref="Sync.ErasingBranch"/>): less than whoever pastes waits for the remote.</summary>
    public static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan WayPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Ids in one rewrite.</summary>
    public const int MaxErasedAtOnce = 1000;

    /// <summary>Deletions that come within this time are forgotten in one rewrite.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromSeconds(30);

    /// <summary>A remote that refuses a rewritten history may have changed its mind.</summary>
    public static readonly TimeSpan ForgetAgainAfter = TimeSpan.FromMinutes(10);

    public const int MaxToForget = 100_000;
    public const int ShortestAdminToken = 16;
    public static readonly TimeSpan AdminSession = TimeSpan.FromHours(12);
    public const int MaxSmallFormBytes = 8 * 1024;
    public const int MaxSmallFormsInMemory = 1024 * 1024;

    // Rates of clients.
    public const int LargestRateCount = 1_000_000;
    public const int LargestRateBytes = int.MaxValue;
    public static readonly TimeSpan ShortestRateTime = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestRateTime = TimeSpan.FromDays(1);

    // Work before a paste. A telephone tries some three hundred thousand numbers a second.
    public const int LeastWorkBits = 8;
    public const int UsualWorkBits = 18;
    public const int MostWorkBits = 20;
    public static readonly TimeSpan ProofLife = TimeSpan.FromMinutes(10);

    /// <summary>Proofs that are remembered so that none is taken twice: 4 MiB.</summary>
    public const int MaxSpentProofs = 65_536;

    /// <summary>What our own client does for a site that asks: a second or two.</summary>
    public const int MostWorkBitsOfClient = 24;

    // Pastes that end
    public static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ShortestMaxLife = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(100 * 366);
    public const int MaxExpiryLength = 40;
    public const int ServerNameLength = 8;

    /// <summary>Those that live no longer are kept by the hour of their end, all others by the day.</summary>
    public static readonly TimeSpan LongestHourBucketLife = TimeSpan.FromDays(2);

    /// <summary>Files of a branch that a remote checks in some 50 ms: beyond, new pastes go by way of an inbox.</summary>
    public const int InboxAbove = 16_384;

    /// <summary>What an inbox takes before it is merged.</summary>
    public const int MaxInboxPastes = 8_192;
    public const int MaxInboxFiles = 16_384;
    public static readonly TimeSpan InboxAge = TimeSpan.FromDays(1);

    /// <summary>An inbox of another server is merged when that seems to have left.</summary>
    public static readonly TimeSpan ForeignInboxAge = TimeSpan.FromDays(2);

    public static readonly TimeSpan InboxLookEvery = TimeSpan.FromSeconds(1);

    /// <summary>How often the files of a branch are counted to which others push.</summary>
    public static readonly TimeSpan BranchCountEvery = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(15);

    /// <summary>How far the clocks of two servers of one remote may be apart.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    /// <summary>A remote that refuses branches may have changed its mind.</summary>
    public static readonly TimeSpan ProbeAgainAfter = TimeSpan.FromMinutes(10);

    /// <summary>Refs that one push of such branches moves.</summary>
    public const int MaxBranchesPerPush = 64;

    /// <summary>Pastes that ended since the start, remembered to say that they are gone rather than unknown.</summary>
    public const int MaxRememberedGone = 100_000;

    /// <summary>So often a paste may be opened that is burnt with the last time: each is a commit, and a line in its paste.json.</summary>
    public const int MaxReads = 100;

    /// <summary>A paste that burns ends even when nobody opens it; where the site has no ceiling, after this time.</summary>
    public static readonly TimeSpan LongestBurningLife = TimeSpan.FromDays(30);

    /// <summary>How often a passphrase is asked for that opens what cannot be fetched again.</summary>
    public const int MaxPassphraseTries = 5;

    /// <summary>Pastes that are burnt after reading and wait for it: each is a branch, and a line in every list of refs.</summary>
    public const int MaxUnread = 5_000;

    /// <summary>Burnt pastes whose branches go at a time; the others follow with the next sweep.</summary>
    public const int MaxTombstonesPerSweep = 1000;

    // The virtual machine.
    public const int MaxHandedOverBytes = 16 * 1024;
    public const int MachineOpenFiles = 20_000;

    /// <summary>Of what the kernel and the image leave; below it, the first larger paste may be the last.</summary>
    public const int SmallestMachineMegabytes = 24;

    /// <summary>A clock that is before this was never set.</summary>
    public static readonly DateTimeOffset EarliestNow = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How long the last lines of a machine that fails stand on its console before it starts anew.</summary>
    public static readonly TimeSpan PanicPause = TimeSpan.FromSeconds(5);

    /// <summary>How long the end of a machine waits for its disk.</summary>
    public static readonly TimeSpan DiskReleaseWait = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan DiskReleasePoll = TimeSpan.FromMilliseconds(5);

    public static readonly TimeSpan CardWait = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan CardPoll = TimeSpan.FromMilliseconds(5);

    // DHCP: it is asked again after 1, 2, 4, … seconds, for ever.
    public static readonly TimeSpan DhcpFirstWait = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan DhcpLongestWait = TimeSpan.FromSeconds(16);
    public const int DhcpQuietAttempts = 3;

    public static readonly TimeSpan DhcpRenewalWait = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan DhcpLeastRenewalPause = TimeSpan.FromMinutes(1);

    public const int TimeServerAttempts = 3;
    public static readonly TimeSpan TimeServerWait = TimeSpan.FromSeconds(2);

    // Answers
    public const int MaxShownBytes = 1024 * 1024;

    /// <summary>Each is three nodes in the reader's browser; a megabyte of empty lines would be three million.</summary>
    public const int MaxNumberedLines = 50_000;

    /// <summary>Of Markdown: the parser's time grows with the square of what is made to annoy it (half a second for this much of "[a](").</summary>
    public const int MaxRenderedBytes = 32 * 1024;

    /// <summary>Rows of a comparison, of all files together.</summary>
    public const int MaxComparedRows = 5_000;

    /// <summary>Lines around a change that are shown with it.</summary>
    public const int LinesAroundChange = 3;

    public const int SmallestCompressedBytes = 600;
    public const int BrotliQuality = 5;
    public const long HotAnswerBytes = 16L * 1024 * 1024;
    public const int HotAnswerOverheadBytes = 1024;
    public const int MaxAuthorizationLength = 1024;

    /// <summary>Paths that proxies have put before the site's own. Each has answers of its own to keep.</summary>
    public const int MaxForwardedPrefixes = 4;

    /// <summary>A name of 253 characters, and a port.</summary>
    public const int MaxHostLength = 253 + 6;

    // Forms
    public const int MaxFormFields = 64;
    public const int MaxPartHeaderBytes = 4 * 1024;
    public const int MaxAuthorLength = 100;
    public const int MaxCommentLength = 1000;
    public const int MaxTokenFieldBytes = 256;
    public const int MaxTagLength = 64;
    public const int FirstBodyBufferBytes = 4 * 1024;

    // Pastes
    public const int MaxFilesPerPaste = 32;
    public const int MaxFileNameLength = 128;
    public const int MaxStoredNameBytes = 200;
    public const int MaxIdDraws = 16;

    /// <summary>Each later one writes down those before it.</summary>
    public const int MaxRevisions = 1000;

    /// <summary>Characters of a tag that say what an edit was made of.</summary>
    public const int ShortestTag = 20;

    /// <summary>How often an edit that minds nobody else's is made anew, because others edit the same paste.</summary>
    public const int MaxEditTries = 8;
    public const long HotPasteBytes = 8L * 1024 * 1024;
    public const int HotPasteOverheadBytes = 1024;

    /// <summary>A thousandth of all ids of eight characters is more than a repository can hold: only shorter ones are counted.</summary>
    public const int LongestCrowdedIdLength = 7;

    /// <summary>
    /// Ids of this length and more lie below four levels of folders instead of three. A site draws them from about half a million pastes on, so that the
    /// folders that each new paste changes stay small.
    /// </summary>
    public const int LargeIdLength = 11;

    /// <summary>A branch is that large when so many of its innermost folders, drawn at random, hold so many entries on the average.</summary>
    public const int LargeSamples = 16, LargeEntries = 16;

    public static readonly TimeSpan LargeLookEvery = TimeSpan.FromMinutes(1);

    public const int MaxCountedFolders = 100_000;
    public static readonly TimeSpan IdCountEvery = TimeSpan.FromSeconds(1);

    // Envelopes. What is inside was chosen by somebody else: how large it is, and how long a passphrase takes.
    public const int MaxEnvelopeContentBytes = 64 * 1024 * 1024;
    public const int MaxEnvelopeHeadBytes = 1024 * 1024;
    public const int LeastPassphraseRounds = 600_000;
    public const int MostPassphraseRounds = 10_000_000;

    // Pastes over bare TCP.
    public const int MaxTermbinConnections = 64;

    /// <summary>netcat does not say that its input has ended: who pauses for so long has sent it all.</summary>
    public static readonly TimeSpan TermbinPause = TimeSpan.FromSeconds(1);

    /// <summary>How long the first byte may take.</summary>
    public static readonly TimeSpan TermbinSilence = TimeSpan.FromSeconds(10);

    /// <summary>How long the answer has to reach a client that may still be sending.</summary>
    public static readonly TimeSpan TermbinFarewell = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    // The terminal's client.
    public const int MaxEnvelopeBytes = 80 * 1024 * 1024;
    public const int MaxPasteInfoBytes = 1024 * 1024;
    public const int MaxServerWordsBytes = 4 * 1024;
    public const int MaxPassphraseBytes = 1024;
    public const int MaxSavedNameBytes = 200;

    /// <summary>Standard input up to this is sent with its length, which some servers want; what is longer is sent as it comes.</summary>
    public const int MaxKeptInputBytes = 1024 * 1024;

    public static readonly TimeSpan ClientConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>A site that neither takes nor sends anything for so long is given up.</summary>
    public static readonly TimeSpan ClientSilence = TimeSpan.FromSeconds(90);

    /// <summary>Who waits longer than this is shown how far it is.</summary>
    public static readonly TimeSpan ProgressAfter = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(200);

    public const int MaxInheritedSockets = 16;

    // Connections. A client that is slow or silent costs a socket, never a thread, and not for long.
    public const int MaxConnections = 10_000;
    public const int MaxRequestHeadersTotalBytes = 16 * 1024;
    public const int MaxRequestHeaderCount = 64;
    public const int MaxRequestLineBytes = 4 * 1024;
    public const int MinBodyBytesPerSecond = 240;
    public static readonly TimeSpan MinBodyRateGrace = TimeSpan.FromSeconds(10);

    /// <summary>A body may not rest for longer than this.</summary>
    public static readonly TimeSpan BodySilence = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to a body that stopped arriving has to reach its sender.</summary>
    public static readonly TimeSpan StalledFarewell = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(75);

    // TLS, and certificates.
    public const int HttpsPort = 443;
    public const int HttpPort = 80;

    /// <summary>What Let's Encrypt puts into one certificate.</summary>
    public const int MaxHostnames = 100;

    public const int MaxCertificateFileBytes = 256 * 1024;
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan StrictTransportFor = TimeSpan.FromDays(365);

    /// <summary>How often a certificate's files are looked at.</summary>
    public static readonly TimeSpan CertificateFilesEvery = TimeSpan.FromSeconds(5);

    /// <summary>The clock is looked at so often: it may have jumped.</summary>
    public static readonly TimeSpan LongestCertificateSleep = TimeSpan.FromMinutes(1);

    /// <summary>One attempt to get a certificate, however many names it has.</summary>
    public static readonly TimeSpan IssueTimeout = TimeSpan.FromMinutes(20);

    public static readonly TimeSpan AuthorityConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Answers to challenges that are kept at a time: twice what a certificate needs.</summary>
    public const int MaxPendingChallenges = 2 * MaxHostnames;

    /// <summary>A ClientHello that is longer is none of an authority's.</summary>
    public const int MaxClientHelloBytes = 16 * 1024;

    // Leaving. What was accepted is finished within these, in this order.
    public static readonly TimeSpan RequestDrainTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan PushDrainTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a body may take to arrive: a minute, and a second for each 32 KiB that it may hold.</summary>
    public static TimeSpan BodyTime(long maxBodyBytes) => TimeSpan.FromSeconds(60 + (maxBodyBytes / (32 * 1024)));

    /// <summary>Request bodies in memory, over all connections.</summary>
    public static long MaxBodyBytesInMemory(int maxPasteBytes) => Math.Max(64L * 1024 * 1024, 8 * MaxRequestBodyBytes(maxPasteBytes));

    // The remote. One attempt is bounded; attempts go on for as long as the program runs.
    public static readonly TimeSpan RemoteConnectTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RemoteSilence = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan RemoteConversation = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    /// <summary>A request that waits for the remote's "ok" is told "outcome unknown" after this.</summary>
    public static readonly TimeSpan RemoteAckTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The same while the remote is known to be away: nobody need wait half a minute to hear what is known already.</summary>
    public static readonly TimeSpan RemoteAckTimeoutWhenAway = TimeSpan.FromSeconds(5);

    /// <summary>So much of the remote's words is told to whoever pastes.</summary>
    public const int MaxToldChars = 500;

    /// <summary>Ids that nobody knows cost the remote one fetch in this time, however many are asked for.</summary>
    public static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(2);

    /// <summary>How long a reader of an unknown id waits for that fetch.</summary>
    public static readonly TimeSpan RefreshWait = TimeSpan.FromSeconds(3);

    /// <summary>So many readers may wait for one fetch; those beyond are answered from what is here.</summary>
    public const int MaxRefreshWaiters = 256;

    // A large branch of which a server without a disk keeps a part.

    /// <summary>A branch with fewer pastes is fetched as a whole: some 30 MB.</summary>
    public const int SmallestPart = 16_384;

    /// <summary>Two files, their folder, and a share of those above.</summary>
    public const int ObjectsOfAPaste = 3;

    /// <summary>Levels of folders that are looked at to estimate that: those of ids, and the pastes in them.</summary>
    public const int MeasuredLevels = 4;

    /// <summary>What is kept of folders and files that were fetched one by one.</summary>
    public static long PartBytes(long memory) => Math.Clamp(memory / 8, 16L << 20, 64L << 20);

    /// <summary>Commits without their trees that one fetch may bring: beyond, the newest alone will do.</summary>
    public const long MaxPartHistoryBytes = 32L << 20;

    /// <summary>What one fetch of folders and files may bring: a paste as large as may be made.</summary>
    public const long MaxPromisedPackBytes = 3L * LargestMaxPasteBytes / 2;

    /// <summary>How long somebody waits for a folder or file; and how long the remote may be silent then, and take for all.</summary>
    public static readonly TimeSpan PromisedWait = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan PromisedConversation = TimeSpan.FromMinutes(2);

    /// <summary>Fetches of folders, and of files, that are under way at once; how often they begin; ids that each may want; ids that may wait.</summary>
    public const int PromisedConnections = 2;
    public static readonly TimeSpan PromisedEvery = TimeSpan.FromMilliseconds(20);
    public const int MaxPromisedAtOnce = 256;
    public const int MaxPromisedWaiting = 1024;

    /// <summary>What fails is not asked for again so soon.</summary>
    public static readonly TimeSpan PromisedAgainAfter = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan PromisedForgottenAfter = TimeSpan.FromMinutes(10);
    public const int MaxPromisedFailures = 24;

    /// <summary>Objects that one step of the sync may find missing in a row, and have brought.</summary>
    public const int MaxMisses = 256;

    /// <summary>What an object takes in memory, as measured with pastes of 2,000 bytes.</summary>
    public const int BytesOfAnObject = 550;

    /// <summary>What one fetch may bring.</summary>
    public static long MaxFetchedPackBytes(bool inMemory) => inMemory ? 512L * 1024 * 1024 : 16L * 1024 * 1024 * 1024;

    /// <summary>More than these are left for the next push.</summary>
    public const int MaxCommitsPerPush = 20_000;

    /// <summary>A remote that others pushed to within this time is shared: who has won a push lets the others have a turn.</summary>
    public static readonly TimeSpan SharedFor = TimeSpan.FromSeconds(10);

    /// <summary>The longest such turn.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(5);

    /// <summary>The same when nothing waits to be pushed: a paste is to be on every server within --pull-every and a second.</summary>
    public static readonly TimeSpan LongestIdleTurn = TimeSpan.FromSeconds(0.25);

    /// <summary>Pushes that lost to somebody else's in a row, before waiting as if the remote were away.</summary>
    public const int MaxLostRaces = 20;

    // A remote over SSH.
    public const int MaxKeyFileBytes = 64 * 1024;

    /// <summary>Until the server has let us in: what one step of that takes is bounded by <see cref="RemoteConnectTimeout"/>.</summary>
    public static readonly TimeSpan SshLoginTimeout = TimeSpan.FromSeconds(20);

    /// <summary>What keeps a connection without traffic alive in the tables of the routers between.</summary>
    public static readonly TimeSpan SshKeepAlive = TimeSpan.FromSeconds(30);

    /// <summary>What a server may have sent and we not read yet, for each conversation; and the longest packet.</summary>
    public const int SshWindowBytes = 2 * 1024 * 1024;

    public const int SshPacketBytes = 32 * 1024;

    /// <summary>What a server may have made us answer that the network has not taken yet. One that behaves needs two or three.</summary>
    public const int MaxSshAnswersUnderWay = 64;

    // A remote over HTTP.
    public const int MaxRemoteUrlLength = 4096;
    public const int MaxTokenLength = 4096;
    public const int MaxTokenFileBytes = 8 * 1024;
    public const int MaxAuthoritiesBytes = 1024 * 1024;
    public const int MaxRemoteConnections = 4;
    public const int MaxRemoteHeaderKilobytes = 32;
    public const int MaxRedirects = 5;

    /// <summary>A request up to this is kept until it is whole and sent with its length; one beyond is sent as it is made.</summary>
    public const int MaxKeptRequestBytes = 1024 * 1024;

    /// <summary>What is read of an answer that is not Git's, to find words for people in it.</summary>
    public const int MaxRemotePageBytes = 16 * 1024;

    /// <summary>Those words, as they are repeated.</summary>
    public const int MaxRemoteWordsLength = 200;

    /// <summary>A server's wish to be left alone is granted up to this.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>How long the server of a large request may take to say that it wants it; many never say.</summary>
    public static readonly TimeSpan GoAheadWait = TimeSpan.FromSeconds(1);

    /// <summary>A connection that is older is made anew, since the host's address may have changed.</summary>
    public static readonly TimeSpan RemoteConnectionLifetime = TimeSpan.FromMinutes(10);

    // A remote in a folder: git runs as a child process.
    public static readonly TimeSpan ProcessExitGrace = TimeSpan.FromSeconds(2);
    public const int MaxProcessErrorChars = 2000;

    /// <summary>No request needs more: percent-encoding triples a paste at worst, and the other fields are short.</summary>
    public static long MaxRequestBodyBytes(int maxPasteBytes) => (3L * maxPasteBytes) + (64 * 1024);
}
