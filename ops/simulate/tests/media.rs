//! Media come back as they were uploaded, while they are there.

use std::time::Duration;

use serde_json::Value;

use super::harness::Lab;

const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
    Content-Type: image/png\r\n\r\npixels\r\n--b--\r\n";

#[tokio::test]
async fn upload_look_up_fetch_expire_delete() {
    let lab = Lab::start().await;
    let get = |url: String| lab.http.get(url).bearer_auth("token").send();
    let uploaded: Value = lab
        .http
        .post(lab.url("/v25.0/100000000000001/media"))
        .bearer_auth("token")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(FORM)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let file = lab.url(&format!("/v25.0/{}", uploaded["id"].as_str().unwrap()));
    let found: Value = get(file.clone()).await.unwrap().json().await.unwrap();
    assert_eq!((&found["mime_type"], &found["file_size"]), (&"image/png".into(), &6.into()));
    let url = found["url"].as_str().unwrap().to_owned();
    assert_eq!(get(url.clone()).await.unwrap().text().await.unwrap(), "pixels");
    lab.simulators.advance(Duration::from_mins(6));
    assert_eq!(get(url).await.unwrap().status(), 404);
    let deleted = lab.http.delete(&file).bearer_auth("token").send().await.unwrap();
    assert_eq!(deleted.status(), 200);
    assert_eq!(get(file).await.unwrap().status(), 400);
}
