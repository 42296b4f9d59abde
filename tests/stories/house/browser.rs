//! A real browser in front of the house: Debian's Chromium, led by its chromedriver.
//!
//! Everything waits until it is so, as a person would; nothing waits for a fixed time.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{self, Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use thirtyfour::{
    BrowserCapabilitiesHelper, By, ChromiumLikeCapabilities, Cookie, DesiredCapabilities, LoggingPrefsLogLevel,
    TypingData, WebDriver, WebElement, error::WebDriverResult,
};

use super::{Colleague, Story, eventually};

const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=en-GB",
];

/// How a browser is.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Of the page, in CSS pixels.
    pub width: u32,
    /// Whether it runs JavaScript.
    pub scripts: bool,
}

impl Kind {
    /// As on a desk.
    pub const DESK: Self = Self { width: 1280, scripts: true };
    /// Without JavaScript.
    pub const PLAIN: Self = Self { width: 1280, scripts: false };
    /// As small as a phone.
    pub const PHONE: Self = Self { width: 360, scripts: true };
}

/// A browser with one page; it ends when it goes out of scope.
pub struct Browser {
    driver: WebDriver,
    url: String,
    _host: Host,
}

/// What runs for it, killed at the end.
struct Host {
    chromedriver: Child,
    /// Open for as long as chromedriver may write.
    _said: BufReader<ChildStdout>,
    profile: PathBuf,
}

impl Browser {
    /// Nobody is signed in.
    pub async fn open(story: &Story, kind: Kind) -> Self {
        Self::at(&story.url, kind).await
    }

    /// Nobody is signed in; the console is at this address.
    pub async fn at(url: &str, kind: Kind) -> Self {
        let (host, port) = Host::start();
        // The first one to speak HTTP chooses the provider of TLS.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let server = format!("http://127.0.0.1:{port}");
        let capabilities = host.capabilities(kind).expect("capabilities");
        let driver = WebDriver::builder(server, capabilities).client(client).connect().await.expect("a browser");
        Self { driver, url: url.to_owned(), _host: host }
    }

    /// On a desk, signed in.
    pub async fn of(story: &Story, who: &Colleague) -> Self {
        let browser = Self::open(story, Kind::DESK).await;
        browser.enters_as(who).await;
        browser
    }

    /// Signs in without the form.
    pub async fn enters_as(&self, who: &Colleague) {
        self.goes("/ops/sign-in").await;
        self.keeps("/", "hf", &who.session).await;
    }

    /// Sets a cookie for everything below a path.
    pub async fn keeps(&self, path: &str, name: &str, value: &str) {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path(path);
        self.driver.add_cookie(cookie).await.expect("a cookie");
    }

    /// Opens a page.
    pub async fn goes(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.url)).await.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Path and query of the page.
    pub async fn place(&self) -> String {
        let url = self.driver.current_url().await.expect("an address").to_string();
        url.strip_prefix(&self.url).unwrap_or(&url).to_owned()
    }

    /// Waits until the address begins so.
    pub async fn arrives(&self, path: &str) {
        eventually(async || {
            let place = self.place().await;
            if place.starts_with(path) {
                Ok(())
            } else {
                Err(format!("at {place} instead of {path}: {}", self.said().await))
            }
        })
        .await;
    }

    /// Waits until these words are to be seen.
    pub async fn sees(&self, words: &str) {
        eventually(async || {
            let said = self.said().await;
            if said.contains(words) { Ok(()) } else { Err(format!("no {words:?} at {}: {said}", self.place().await)) }
        })
        .await;
    }

    /// What is to be seen.
    pub async fn said(&self) -> String {
        match self.driver.find(By::Tag("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// The first thing to be seen that fits, once there is one.
    pub async fn finds(&self, css: &str) -> WebElement {
        self.shown(By::Css(css)).await
    }

    async fn shown(&self, by: By) -> WebElement {
        eventually(async || match self.look(by.clone()).await {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(format!("nothing is {by:?} at {}: {}", self.place().await, self.said().await)),
            Err(error) => Err(error.to_string()),
        })
        .await
    }

    async fn look(&self, by: By) -> WebDriverResult<Option<WebElement>> {
        for element in self.driver.find_all(by).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// How many there are, to be seen or not.
    pub async fn count(&self, css: &str) -> usize {
        self.driver.find_all(By::Css(css)).await.expect("an answer").len()
    }

    /// Clicks on the first thing that fits.
    pub async fn clicks(&self, css: &str) {
        self.click(By::Css(css)).await;
    }

    /// Clicks on the button or link, or what unfolds something, with these words.
    pub async fn presses(&self, words: &str) {
        let names = "self::button or self::a or self::summary";
        self.click(By::XPath(format!("//*[{names}][normalize-space()=\"{words}\"]"))).await;
    }

    async fn click(&self, by: By) {
        eventually(async || match self.look(by.clone()).await {
            // A page that is just being replaced may lose what was found.
            Ok(Some(found)) => found.click().await.map_err(|error| error.to_string()),
            Ok(None) => Err(format!("nothing is {by:?} at {}: {}", self.place().await, self.said().await)),
            Err(error) => Err(error.to_string()),
        })
        .await;
    }

    /// Writes into the first field to be seen that fits, in place of what is there.
    pub async fn writes(&self, css: &str, text: &str) {
        let field = self.finds(css).await;
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("a field");
    }

    /// Unfolds the form that sends to `action`, says why and sends it.
    pub async fn asks(&self, action: &str, reason: &str) {
        self.clicks(&format!("details:has(> form[action='{action}']) > summary")).await;
        self.writes(&format!("form[action='{action}'] [name=reason]"), reason).await;
        self.clicks(&format!("form[action='{action}'] button")).await;
    }

    /// Types on the keyboard.
    pub async fn types(&self, keys: impl Into<TypingData>) {
        self.driver.action_chain().send_keys(keys).perform().await.expect("a keyboard");
    }

    /// What a script tells, also in a browser whose pages have none.
    pub async fn tells(&self, script: &str) -> Value {
        let told = self.driver.execute(script, Vec::new()).await;
        told.unwrap_or_else(|error| panic!("{script:.200}: {error}")).json().clone()
    }

    /// What a script tells later, to its last argument.
    pub async fn tells_later(&self, script: &str) -> Value {
        let told = self.driver.execute_async(script, Vec::new()).await;
        told.unwrap_or_else(|error| panic!("{script:.200}: {error}")).json().clone()
    }

    /// What the browser complained of since it was asked last. A form that is refused and a link that is used up are no
    /// complaint.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.driver.browser_log().await.expect("a log").into_iter();
        let expected = |message: &str| ["status of 422", "status of 410"].iter().any(|status| message.contains(status));
        let bad = log.filter(|entry| entry.level == "SEVERE" && !expected(&entry.message));
        bad.map(|entry| entry.message).collect()
    }

    /// Ends, without a complaint.
    pub async fn quits(self) {
        assert_eq!(self.complaints().await, Vec::<String>::new());
        self.driver.clone().quit().await.expect("an end");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its own end would be asked for on connections of the runtime that this blocks; the processes are killed instead.
        self.driver.clone().leak().ok();
    }
}

impl Host {
    /// Chromedriver, and the port that it took.
    fn start() -> (Self, u16) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("browser-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let profile = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::remove_dir_all(&profile).ok();
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut chromedriver = command.spawn().expect("chromedriver: apt-get install chromium chromium-driver");
        let mut said = BufReader::new(chromedriver.stdout.take().expect("its output"));
        let port = loop {
            let mut line = String::new();
            assert!(said.read_line(&mut line).expect("a line") > 0, "chromedriver ended at once");
            if let Some((_, port)) = line.trim_end_matches(['.', '\n']).split_once("successfully on port ") {
                break port.parse().expect("a port");
            }
        };
        (Self { chromedriver, _said: said, profile }, port)
    }

    fn capabilities(&self, kind: Kind) -> WebDriverResult<thirtyfour::ChromeCapabilities> {
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", self.profile.display()))?;
        // A window has a least width, which a phone has not.
        let metrics = json!({ "width": kind.width, "height": 900, "pixelRatio": 1.0, "touch": false, "mobile": false });
        capabilities.set_browser_option("mobileEmulation", json!({ "deviceMetrics": metrics }))?;
        if !kind.scripts {
            let blocked = json!({ "profile.managed_default_content_settings.javascript": 2 });
            capabilities.set_browser_option("prefs", blocked)?;
        }
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::Severe)?;
        Ok(capabilities)
    }

    /// The processes of the browser that still run: those that name its profile.
    fn running(&self) -> Vec<String> {
        let names = fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok());
        let ours = |pid: &String| {
            let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&command).contains(&format!("{}\0", self.profile.display()))
        };
        names.filter(|name| name.parse::<u32>().is_ok()).filter(ours).collect()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.chromedriver.kill().ok();
        self.chromedriver.wait().ok();
        let (until, mut gone) = (Instant::now() + Duration::from_secs(5), 0);
        // What the browser had started may write once more when it ends.
        while gone < 3 && Instant::now() < until {
            let running = self.running();
            if !running.is_empty() {
                Command::new("kill").arg("-9").args(&running).stderr(Stdio::null()).status().ok();
            }
            fs::remove_dir_all(&self.profile).ok();
            gone = if running.is_empty() && !self.profile.exists() { gone + 1 } else { 0 };
            thread::sleep(Duration::from_millis(20));
        }
    }
}
